import type { Tx } from "@/lib/db/transaction";
import type { OrderId, PaymentId } from "@/lib/ids";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { orderRunTag } from "@/lib/runs/tags";

/** A payment with a saved card needs nobody: the order is processed, which charges it. Once a payment. */
export async function askToCharge(
  tx: Tx,
  { orderId, paymentId }: { orderId: OrderId; paymentId: PaymentId },
): Promise<void> {
  const key = `order:${orderId}:process:${paymentId}`;
  await addToOutbox(tx, "order.process", { key, payload: { orderId }, tags: [orderRunTag(orderId)] });
}
