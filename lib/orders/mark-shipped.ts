import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { transaction } from "@/lib/db/transaction";
import { newId, type OrderId } from "@/lib/ids";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { orderRunTag } from "@/lib/runs/tags";
import { changeOrder } from "./change-order";
import { OrderActionRefusedError, OrderNotFoundError } from "./errors";

/**
 * Staff say that the parcel has left; the shopper is told. Of several callers one does it, the others are refused.
 *
 * @throws NotAllowedError, OrderNotFoundError, OrderActionRefusedError
 */
export async function markShipped({
  actor,
  orderId,
  now,
}: {
  actor: Actor;
  orderId: OrderId;
  now: Date;
}): Promise<void> {
  requireStaff(actor);
  await transaction(async (tx) => {
    const changed = await changeOrder(tx, {
      orderId,
      action: "ship",
      data: { status: "shipped" },
      actor,
      message: "The parcel was handed to the courier.",
      now,
    });
    if (!changed) {
      const order = await tx.order.findUnique({ where: { id: orderId } });
      throw order ? new OrderActionRefusedError("ship", order.status) : new OrderNotFoundError();
    }
    await tx.shipment.updateMany({
      where: { orderId, status: "packed" },
      data: { status: "shipped", shippedAt: now },
    });
    await addToOutbox(tx, "order.notify", {
      key: `order:${orderId}:notify:shipped`,
      payload: { orderId, notice: "shipped" },
      tags: [orderRunTag(orderId)],
    });
    await tx.auditEntry.create({
      data: { id: newId("audit"), actorId: actor.userId, action: "order.ship", subject: orderId, createdAt: now },
    });
  });
}
