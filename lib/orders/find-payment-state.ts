import { db } from "@/lib/db/client";
import type { Payment } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { TemporaryError } from "@/lib/errors";
import type { OrderId, PaymentId } from "@/lib/ids";
import { isSame, money } from "@/lib/money/money";
import { readCheckoutSession } from "@/lib/payments/checkout-session";
import { readPayment } from "@/lib/payments/read-payment";
import { OrderNotFoundError, OrderNotPaidError, PaymentMismatchError } from "./errors";
import { givePaymentBack } from "./give-payment-back";
import { recordPayment } from "./record-payment";
import { findAtStripe, readCardPayment } from "./saved-card-payment";

export type PayablePayment = { id: PaymentId; paymentIntentId: string };

/** How the money of an order stands, here and at Stripe. */
export type PaymentFound =
  /** Nothing left to do here: confirmed before, ended without a charge, or the shopper was asked to pay. */
  | { kind: "done"; success: boolean; payment: { id: PaymentId } }
  /** To be given back (if that has not happened), with the reason. */
  | { kind: "unpayable"; reason: string; payment: PayablePayment }
  /** The bank is to be asked about a saved card. */
  | { kind: "saved-card"; payment: { id: PaymentId } }
  /** Waits to be charged, or was charged by a run that did not get to say so. */
  | { kind: "authorized" | "captured"; payment: PayablePayment };

/**
 * Looks the payment of an order up. Where we have not heard of one yet, Stripe is asked: its message may be late.
 *
 * @throws OrderNotFoundError, OrderNotPaidError, PaymentMismatchError, TemporaryError
 */
export async function findPaymentState({ orderId, now }: { orderId: OrderId; now: Date }): Promise<PaymentFound> {
  const { order, payment } = await readOrder(orderId);
  const id = payment.id as PaymentId;
  for (const ended of order.payments.filter(isUnheardOf)) await giveStrayBack(ended, now);
  if (order.paymentStatus === "paid") return { kind: "done", success: true, payment: { id } };
  if (order.paymentStatus === "unpaid" && order.status === "pending") {
    if (payment.kind === "saved_card") return { kind: "saved-card", payment: { id } };
    if (await notePaymentWeMissed(payment.sessionId, now)) return findPaymentState({ orderId, now });
    if (order.payments.some(({ kind }) => kind === "saved_card"))
      return { kind: "done", success: false, payment: { id } };
    throw new OrderNotPaidError();
  }
  if (order.paymentStatus !== "authorized" || !payment.paymentIntentId)
    return { kind: "done", success: false, payment: { id } };

  const known = { id, paymentIntentId: payment.paymentIntentId };
  const atStripe = await readPayment(payment.paymentIntentId);
  const isRight = isSame(atStripe.amount, money(payment.amount, payment.currency));
  switch (atStripe.state) {
    case "voided":
      return unpayable(known, "Your payment was given back before it was charged. You have not been charged.");
    case "unfinished":
      throw new TemporaryError({ vendor: "stripe", message: `${known.paymentIntentId} is not settled yet` });
    case "captured":
      if (!isRight)
        throw new PaymentMismatchError({ expected: money(payment.amount, payment.currency), found: atStripe.amount });
      return { kind: "captured", payment: known };
    case "authorized":
      if (order.status === "cancelled")
        return unpayable(known, "Your payment arrived after the order was cancelled. You have not been charged.");
      if (!isRight) return unpayable(known, "Your payment does not fit the order. You have not been charged.");
      return { kind: "authorized", payment: known };
  }
}

async function readOrder(orderId: OrderId) {
  const order = await db().order.findUnique({
    where: { id: orderId },
    include: { payments: { orderBy: { createdAt: "desc" } } },
  });
  if (!order) throw new OrderNotFoundError();
  const payment =
    order.payments.find(({ paymentIntentId, state }) => paymentIntentId !== null && state !== "failed") ??
    order.payments.find(({ state }) => state === "created") ??
    order.payments[0];
  if (!payment) throw new OrderNotPaidError();
  return { order, payment };
}

/** A payment with a saved card that ended here before Stripe had heard of it. */
function isUnheardOf({ kind, state, paymentIntentId }: Payment): boolean {
  return kind === "saved_card" && state === "failed" && paymentIntentId === null;
}

/** What came to be at Stripe after that payment had ended is nobody's. */
async function giveStrayBack({ id, orderId }: Payment, now: Date): Promise<void> {
  const found = await findAtStripe(await readCardPayment(id));
  const paymentIntentId = found?.kind === "authorized" ? found.payment.paymentIntentId : found?.paymentIntentId;
  if (!paymentIntentId) return;
  await givePaymentBack({
    orderId: orderId as OrderId,
    payment: { id: id as PaymentId, paymentIntentId },
    now,
  });
  await db().payment.updateMany({ where: { id, paymentIntentId: null }, data: { paymentIntentId } });
}

async function notePaymentWeMissed(sessionId: string | null, now: Date): Promise<boolean> {
  const session = sessionId ? await readCheckoutSession(sessionId) : null;
  if (session?.kind !== "complete") return false;
  return transaction((tx) => recordPayment(tx, { ...session, now }));
}

function unpayable(payment: PayablePayment, reason: string): PaymentFound {
  return { kind: "unpayable", reason, payment };
}
