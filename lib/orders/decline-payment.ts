import type { Tx } from "@/lib/db/transaction";
import { giveDiscountBack } from "@/lib/discounts/give-discount-back";
import { invariant } from "@/lib/errors";
import type { OrderId, PaymentId } from "@/lib/ids";
import { releaseReservation } from "@/lib/inventory/release-reservation";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { orderRunTag } from "@/lib/runs/tags";
import { changeOrder } from "./change-order";
import { lockOrder } from "./lock-order";
import { lookAgainLater } from "./look-again-later";

/**
 * Ends an order whose saved card was not charged and will not be: its stock and its discount go back, its shopper is
 * told. Stripe was asked before: `paymentIntentId` is what it had of the payment. False where the payment had moved on.
 */
export async function declinePayment(
  tx: Tx,
  declined: { payment: { id: string; orderId: string }; paymentIntentId: string | null; reason: string; now: Date },
): Promise<boolean> {
  const { payment, paymentIntentId, reason, now } = declined;
  const orderId = payment.orderId as OrderId;
  await lockOrder(tx, orderId);
  const ended = await tx.payment.updateMany({
    where: { id: payment.id, kind: "saved_card", state: "created" },
    data: { state: "failed", failureReason: reason, paymentIntentId },
  });
  if (ended.count === 0) return false;
  await releaseReservation(tx, orderId);
  await giveDiscountBack(tx, orderId);
  const changed = await changeOrder(tx, {
    orderId,
    action: "decline",
    data: { status: "cancelled", paymentStatus: "failed", cancelReason: reason },
    actor: { kind: "system" },
    message: reason,
    now,
  });
  invariant(changed, "an order whose payment has just begun is pending and unpaid");
  await addToOutbox(tx, "order.notify", {
    key: `order:${orderId}:notify:payment-failed`,
    payload: { orderId, notice: "payment-failed" },
    tags: [orderRunTag(orderId)],
  });
  if (!paymentIntentId) await lookAgainLater(tx, { orderId, paymentId: payment.id as PaymentId, now });
  return true;
}
