import type { Tx } from "@/lib/db/transaction";
import type { OrderId, PaymentId } from "@/lib/ids";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { orderRunTag } from "@/lib/runs/tags";

/** Longer than any call to Stripe that was on its way, with its tries. */
const delayMs = 5 * 60_000;

/**
 * A payment with a saved card is over here and Stripe has not heard of it. A call that is on its way meanwhile may still
 * authorise it, and whoever sent it may die before noticing: one more look gives such an authorisation back.
 */
export async function lookAgainLater(
  tx: Tx,
  { orderId, paymentId, now }: { orderId: OrderId; paymentId: PaymentId; now: Date },
): Promise<void> {
  await addToOutbox(tx, "order.process", {
    key: `order:${orderId}:process:${paymentId}:again`,
    payload: { orderId },
    tags: [orderRunTag(orderId)],
    availableAt: new Date(now.getTime() + delayMs),
  });
}
