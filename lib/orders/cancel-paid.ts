import type { Actor } from "@/lib/accounts/actor";
import type { Tx } from "@/lib/db/transaction";
import type { OrderId } from "@/lib/ids";
import { restockSold } from "@/lib/inventory/restock";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { orderRunTag } from "@/lib/runs/tags";
import { changeOrder } from "./change-order";
import { lockOrder } from "./lock-order";
import { planRest } from "./plan-refund";
import { readRefundable } from "./read-refundable";
import { requestRefund } from "./request-refund";

/**
 * Ends an order that was charged and whose parcel has not left: what is left of the money is promised back, the goods go
 * back on the shelf, the shopper is told. Beside whoever packs or ships it, one of the two wins. False says that the order
 * had moved on, and nothing was changed.
 *
 * @throws RefundRefusedError while a dispute has the money
 */
export async function cancelPaid(
  tx: Tx,
  cancellation: { orderId: OrderId; action: "cancelPaid" | "cancelOwn"; reason: string; actor: Actor; now: Date },
): Promise<boolean> {
  const { orderId, action, reason, actor, now } = cancellation;
  await lockOrder(tx, orderId);
  const changed = await changeOrder(tx, {
    orderId,
    action,
    data: { status: "cancelled", cancelReason: reason },
    actor,
    message: reason,
    now,
  });
  if (!changed) return false;
  await tx.shipment.updateMany({ where: { orderId, status: "packed" }, data: { status: "cancelled" } });
  await restockSold(tx, orderId);
  const { left } = await readRefundable(tx, orderId);
  if (left.amount.amount > 0) await requestRefund(tx, { orderId, plan: planRest, reason: "cancellation", actor, now });
  // Takes back a label that was bought for it, if there is one.
  await addToOutbox(tx, "order.fulfil", {
    key: `order:${orderId}:fulfil:cancelled`,
    payload: { orderId },
    tags: [orderRunTag(orderId)],
  });
  await addToOutbox(tx, "order.notify", {
    key: `order:${orderId}:notify:cancelled`,
    payload: { orderId, notice: "cancelled" },
    tags: [orderRunTag(orderId)],
  });
  return true;
}
