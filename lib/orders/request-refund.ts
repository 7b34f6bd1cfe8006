import type { Actor } from "@/lib/accounts/actor";
import type { RefundReason } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import { invariant } from "@/lib/errors";
import { newId, type OrderId, type RefundId } from "@/lib/ids";
import { format } from "@/lib/money/money";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { orderRunTag } from "@/lib/runs/tags";
import { actorLabel, changeOrder } from "./change-order";
import { OrderActionRefusedError, RefundRefusedError } from "./errors";
import { lockOrder } from "./lock-order";
import type { Refundable, RefundPlan } from "./plan-refund";
import { readRefundable } from "./read-refundable";
import { refundReasonWords } from "./refund-status";
import { refundTax } from "./refund-tax";

/**
 * Promises money back: the refund's row is written, its amount counts from now on, and the background is asked to give
 * it. `plan` says how much, of what is left; the order is locked, so that several who ask at once never promise more than
 * was paid.
 *
 * @throws OrderActionRefusedError, RefundRefusedError
 */
export async function requestRefund(
  tx: Tx,
  asked: {
    orderId: OrderId;
    plan: (left: Refundable) => RefundPlan;
    reason: RefundReason;
    note?: string;
    actor: Actor;
    now: Date;
  },
): Promise<RefundId> {
  const { orderId, reason, note, actor, now } = asked;
  await lockOrder(tx, orderId);
  const { left, taxLeft, payment, isDisputed, status } = await readRefundable(tx, orderId);
  if (!payment) throw new OrderActionRefusedError("refund", status);
  if (isDisputed)
    throw new RefundRefusedError("The cardholder disputes this payment, and Stripe refunds nothing of it meanwhile.");
  const plan = asked.plan(left);
  const { amount, shipping, lines } = plan;
  const tax = refundTax(taxLeft, plan);
  const taxOf = new Map(tax.lines.map((line) => [line.orderLineId, line.tax]));

  const refundId = newId("refund");
  const changed = await changeOrder(tx, {
    orderId,
    action: "refund",
    data: { refundedAmount: { increment: amount.amount } },
    actor,
    message: `${format(amount)} is to be given back: ${refundReasonWords[reason]}.`,
    now,
  });
  invariant(changed, "an order with a captured payment is paid");
  await tx.refund.create({
    data: {
      id: refundId,
      orderId,
      paymentId: payment.id,
      amount: amount.amount,
      shippingAmount: shipping.amount,
      taxAmount: tax.tax,
      shippingTaxAmount: tax.shippingTax,
      currency: amount.currency,
      reason,
      note,
      requestedBy: actorLabel(actor),
      createdAt: now,
      lines: {
        create: lines.map((line) => ({
          orderLineId: line.orderLineId,
          quantity: line.quantity,
          amount: line.amount.amount,
          taxAmount: taxOf.get(line.orderLineId) ?? 0,
        })),
      },
    },
  });
  await addToOutbox(tx, "order.refund", {
    key: `refund:${refundId}:send`,
    payload: { refundId },
    tags: [orderRunTag(orderId)],
  });
  return refundId;
}
