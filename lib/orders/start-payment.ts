import { ensureStripeCustomer } from "@/lib/cards/ensure-stripe-customer";
import { crashPoint } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import type { Payment } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { env } from "@/lib/env";
import { TemporaryError } from "@/lib/errors";
import type { OrderId, PaymentId } from "@/lib/ids";
import { log } from "@/lib/log";
import { type Money, money } from "@/lib/money/money";
import { expireCheckoutSession } from "@/lib/payments/checkout-session";
import { createCheckoutSession } from "@/lib/payments/create-checkout-session";
import { PaymentMisconfiguredError, StripeServerError } from "@/lib/payments/errors";
import { routes } from "@/lib/routes";
import { OrderNotFoundError, PaymentMismatchError, PaymentUnavailableError } from "./errors";
import { expireOrder } from "./expire-order";
import { holdExpiresAt, sessionExpiresAt } from "./hold";
import { canPerform } from "./order-status";
import { toPayableLine } from "./payable-line";
import { type BegunPayment, type PayableOrder, readPayableOrder } from "./read-payable-order";
import { replacePayment } from "./replace-payment";

/** Where to send the shopper. `closed`: there is nothing (more) to pay, and the order's page says why. */
export type PaymentStart = { kind: "pay"; url: string } | { kind: "closed" };

/**
 * Makes Stripe's payment page for an order, or answers the one it has: pressed twice, there is one page. When the time
 * to pay is over, the order ends here instead of waiting for the sweep.
 *
 * @throws OrderNotFoundError, PaymentMismatchError (Stripe would charge something else than the order costs: the page is
 *   closed, and a person has to look), PaymentUnavailableError (Stripe cannot be reached, or refuses and somebody has to mend it:
 *   the order stays, try again)
 */
export async function startPayment(asked: { orderId: OrderId; accessToken: string; now: Date }): Promise<PaymentStart> {
  try {
    return await findOrOpenPage(asked);
  } catch (error) {
    const isRefused = error instanceof PaymentMisconfiguredError;
    if (isRefused) log.error("payment.misconfigured", { orderId: asked.orderId, error: error.message });
    throw isRefused || error instanceof TemporaryError ? new PaymentUnavailableError(error) : error;
  }
}

async function findOrOpenPage(asked: { orderId: OrderId; accessToken: string; now: Date }): Promise<PaymentStart> {
  const { orderId, accessToken, now } = asked;
  const order = await readPayableOrder({ orderId, accessToken });
  if (!order) throw new OrderNotFoundError();
  const { begun } = order;
  if (begun?.kind !== "page" || !canPerform("pay", order)) return { kind: "closed" };
  if (begun.sessionUrl && now < sessionExpiresAt(begun.createdAt)) return { kind: "pay", url: begun.sessionUrl };
  if (begun.sessionId || now >= holdExpiresAt(begun.createdAt)) {
    await expireOrder({ orderId, now });
    return { kind: "closed" };
  }
  const payment = isStale(begun, now) ? await beginAgain(begun, now) : begun;
  return payment ? openPage(order, payment, now) : { kind: "closed" };
}

/** Stripe wants pages to live for 30 minutes from when it makes them, and ours end 31 after the payment was begun. */
function isStale(payment: BegunPayment, now: Date): boolean {
  return now.getTime() - payment.createdAt.getTime() > 45_000;
}

async function openPage(order: PayableOrder, payment: BegunPayment, now: Date): Promise<PaymentStart> {
  const keepCardFor = payment.keepCard && order.userId ? await ensureStripeCustomer(order.userId) : null;
  const session = await createCheckoutSession({
    paymentId: payment.id as PaymentId,
    orderId: order.id,
    orderNumber: order.number,
    email: order.email,
    keepCardFor,
    lines: order.lines.map((line) => toPayableLine(line, order.currency)),
    shipping: money(order.shippingAmount, order.currency),
    paidUrl: env().STORE_URL + routes.orderPaid(order.id, order.accessToken),
    returnUrl: env().STORE_URL + routes.order(order.id, order.accessToken),
    expiresAt: sessionExpiresAt(payment.createdAt),
  }).catch(async (error: unknown) => {
    // Stripe would repeat its own failure for a day under this payment's key, so the next try is another payment.
    if (error instanceof StripeServerError) await beginAgain(payment, now);
    throw error;
  });
  await crashPoint("start-payment.page-made");
  await requireRightTotal(session, order, payment);
  const kept = await db().$executeRaw`
    update payment set session_id = ${session.id}, session_url = ${session.url}, updated_at = now()
    where id = ${payment.id} and state = 'created' and coalesce(session_id, ${session.id}) = ${session.id}`;
  if (kept === 1) return { kind: "pay", url: session.url };
  // The order ended meanwhile. Nobody has this page's address yet, so nobody can pay on it.
  await expireCheckoutSession(session.id);
  return { kind: "closed" };
}

/** What Stripe charges is what the order costs, or nobody gets to see the page. */
async function requireRightTotal(
  session: { id: string; total: Money },
  order: PayableOrder,
  payment: BegunPayment,
): Promise<void> {
  const expected = money(order.totalAmount, order.currency);
  const isRight =
    session.total.currency === order.currency &&
    session.total.amount === order.totalAmount &&
    payment.amount === order.totalAmount;
  if (isRight) return;
  const orderId = order.id;
  log.error("payment.mismatch", {
    orderId,
    order: order.totalAmount,
    payment: payment.amount,
    page: session.total.amount,
  });
  await expireCheckoutSession(session.id);
  throw new PaymentMismatchError({ expected, found: session.total });
}

/**
 * A new payment in place of one whose page was never heard of, and its stock held as long as that one needs. Safe,
 * because a page's address is given away only after it was stored: nobody can pay on the old one.
 */
function beginAgain(payment: BegunPayment, now: Date): Promise<Payment | null> {
  const { orderId, amount } = payment;
  return transaction(async (tx) => {
    const again = await replacePayment(tx, payment, { amount, reason: "Stripe made no page for it.", now });
    // Somebody else was faster: theirs is the payment to go on with, unless it has its page already.
    return again ?? tx.payment.findFirst({ where: { orderId, state: "created", sessionId: null } });
  });
}
