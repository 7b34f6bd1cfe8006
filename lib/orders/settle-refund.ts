import type { Refund, RefundState, RefundStatus } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import type { OrderId } from "@/lib/ids";
import { format, money } from "@/lib/money/money";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { orderRunTag } from "@/lib/runs/tags";
import { addOrderEvent } from "./change-order";
import { isRefundOff, refundsThatMayBecome } from "./refund-status";

/** What became of a refund. `stripeRefundId` is null for one that Stripe refused to make. */
export type RefundOutcome = {
  state: Exclude<RefundState, "requested">;
  stripeRefundId: string | null;
  failureReason: string | null;
};

/**
 * Writes down what became of a refund, with all that follows from it: the order's refund status, the timeline, the mail.
 * A refund that failed gives its amount free again, and staff are told. The same outcome twice, or an older one after a
 * newer, changes nothing. The caller has locked the order.
 */
export async function settleRefund(
  tx: Tx,
  refund: Pick<Refund, "id" | "orderId" | "amount" | "currency">,
  { outcome, now }: { outcome: RefundOutcome; now: Date },
): Promise<void> {
  const { state, stripeRefundId, failureReason } = outcome;
  const settled = await tx.refund.updateMany({
    where: { id: refund.id, ...refundsThatMayBecome(state) },
    data: {
      state,
      ...(stripeRefundId ? { stripeRefundId } : {}),
      failureReason,
      ...(state === "pending" ? {} : { settledAt: now }),
      ...(state === "succeeded" ? { succeededAt: now } : {}),
    },
  });
  if (settled.count === 0 || state === "pending") return;
  const orderId = refund.orderId as OrderId;
  const isOff = isRefundOff(state);
  await tx.order.update({
    where: { id: orderId },
    data: {
      refundStatus: await refundStatusOf(tx, orderId),
      ...(isOff ? { refundedAmount: { decrement: refund.amount } } : {}),
    },
  });
  const amount = format(money(refund.amount, refund.currency));
  await addOrderEvent(tx, {
    orderId,
    kind: isOff ? "refund-failed" : "refunded",
    actor: { kind: "system" },
    message: isOff
      ? `${amount} could not be given back (${failureReason ?? state}). The amount can be refunded again.`
      : `${amount} was given back to the card.`,
    now,
  });
  const notice = isOff ? "refund-failed" : "refunded";
  await addToOutbox(tx, "order.notify", {
    key: `order:${orderId}:notify:${notice}:${refund.id}`,
    payload: { orderId, notice, subject: refund.id },
    // Shoppers watch all runs of their order; what is for staff is not one of them.
    tags: isOff ? [] : [orderRunTag(orderId)],
  });
}

/** What was really given back, measured against what the order cost. */
async function refundStatusOf(tx: Tx, orderId: OrderId): Promise<RefundStatus> {
  const { totalAmount } = await tx.order.findUniqueOrThrow({ where: { id: orderId } });
  const { _sum } = await tx.refund.aggregate({ where: { orderId, state: "succeeded" }, _sum: { amount: true } });
  const given = _sum.amount ?? 0;
  if (given === 0) return "none";
  return given < totalAmount ? "partial" : "full";
}
