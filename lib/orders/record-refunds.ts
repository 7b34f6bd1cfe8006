import type { Payment, Refund, RefundReason } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import { newId, type OrderId } from "@/lib/ids";
import { format, money } from "@/lib/money/money";
import type { RefundAtStripe } from "@/lib/payments/read-refunds";
import { changeOrder } from "./change-order";
import { RefundDoesNotFitError } from "./errors";
import { lockOrder } from "./lock-order";
import { readRefundable } from "./read-refundable";
import { isRefundOff } from "./refund-status";
import { refundTax } from "./refund-tax";
import { settleRefund } from "./settle-refund";

/**
 * Writes down how the refunds of a payment stand at Stripe: ours are settled, and those that were made at Stripe are
 * taken over as rows of their own. May be repeated, and in any order.
 *
 * @throws RefundDoesNotFitError while one made at Stripe does not fit beside what is promised here: Stripe will refuse the
 *   promise, and then it fits
 */
export async function recordRefunds(
  tx: Tx,
  { payment, refunds, now }: { payment: Payment; refunds: readonly RefundAtStripe[]; now: Date },
): Promise<void> {
  await lockOrder(tx, payment.orderId as OrderId);
  // What failed first: its amount may have been given back anew since.
  const failedFirst = [...refunds].sort((a, b) => Number(isRefundOff(b.state)) - Number(isRefundOff(a.state)));
  for (const found of failedFirst) {
    const refund = (await findOurs(tx, payment, found)) ?? (await takeOver(tx, { payment, found, now }));
    if (refund) await settleRefund(tx, refund, { outcome: found, now });
  }
}

async function findOurs(tx: Tx, { id: paymentId }: Payment, found: RefundAtStripe): Promise<Refund | null> {
  const { stripeRefundId, refundId } = found;
  const known = await tx.refund.findUnique({ where: { stripeRefundId } });
  if (known || !refundId) return known;
  return tx.refund.findFirst({ where: { id: refundId, paymentId, amount: found.amount.amount, stripeRefundId: null } });
}

/** One made at Stripe. One that failed before we heard of it moved nothing, so there is nothing to take over. */
async function takeOver(
  tx: Tx,
  { payment, found, now }: { payment: Payment; found: RefundAtStripe; now: Date },
): Promise<Refund | null> {
  if (isRefundOff(found.state)) return null;
  const orderId = payment.orderId as OrderId;
  const { amount, currency } = found.amount;
  const order = await tx.order.findUniqueOrThrow({ where: { id: orderId } });
  if (order.refundedAmount + amount > order.totalAmount)
    throw new RefundDoesNotFitError({ stripeRefundId: found.stripeRefundId, orderId });
  const { taxLeft } = await readRefundable(tx, orderId);
  const plan = { amount: found.amount, shipping: money(0, currency), lines: [] };
  await changeOrder(tx, {
    orderId,
    action: "refund",
    data: { refundedAmount: { increment: amount } },
    actor: { kind: "system" },
    message: `${format(found.amount)} is given back. This was asked for at Stripe.`,
    now,
  });
  const reason: RefundReason = found.reason ?? "other";
  return tx.refund.create({
    data: {
      id: newId("refund"),
      orderId,
      paymentId: payment.id,
      amount,
      taxAmount: refundTax(taxLeft, plan).tax,
      currency,
      reason,
      requestedBy: "stripe",
      stripeRefundId: found.stripeRefundId,
      createdAt: now,
    },
  });
}
