import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { transaction } from "@/lib/db/transaction";
import { newId, type OrderId } from "@/lib/ids";
import { changeOrder } from "./change-order";
import { OrderActionRefusedError, OrderNotFoundError } from "./errors";

/**
 * Staff say that the parcel has arrived. Of several callers one does it, the others are refused.
 *
 * @throws NotAllowedError, OrderNotFoundError, OrderActionRefusedError
 */
export async function markDelivered({
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
      action: "deliver",
      data: { status: "delivered" },
      actor,
      message: "The parcel has arrived.",
      now,
    });
    if (!changed) {
      const order = await tx.order.findUnique({ where: { id: orderId } });
      throw order ? new OrderActionRefusedError("deliver", order.status) : new OrderNotFoundError();
    }
    await tx.shipment.updateMany({
      where: { orderId, status: "shipped" },
      data: { status: "delivered", deliveredAt: now },
    });
    await tx.auditEntry.create({
      data: { id: newId("audit"), actorId: actor.userId, action: "order.deliver", subject: orderId, createdAt: now },
    });
  });
}
