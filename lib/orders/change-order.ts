import type { Actor } from "@/lib/accounts/actor";
import type { Prisma } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import { newId, type OrderId } from "@/lib/ids";
import { allowedOrders, type OrderAction } from "./order-status";

/** What the timeline calls who did it. */
export function actorLabel(actor: Actor): string {
  if (actor.kind === "staff") return `staff:${actor.userId}`;
  return actor.kind === "customer" ? "shopper" : actor.kind;
}

/** Writes a line of the order's timeline. `message` is a sentence that the shopper may read. */
export async function addOrderEvent(
  tx: Tx,
  event: { orderId: OrderId; kind: string; actor: Actor; message: string; now: Date },
): Promise<void> {
  const { orderId, kind, actor, message, now } = event;
  await tx.orderEvent.create({
    data: { id: newId("orderEvent"), orderId, kind, actor: actorLabel(actor), message, createdAt: now },
  });
}

/**
 * Changes an order's state if the action is allowed as it stands, and writes the timeline. Of several callers at once
 * one gets true; false says that the order had moved on, and nothing was changed.
 */
export async function changeOrder(
  tx: Tx,
  change: {
    orderId: OrderId;
    action: OrderAction;
    data: Prisma.OrderUncheckedUpdateManyInput;
    actor: Actor;
    message: string;
    now: Date;
  },
): Promise<boolean> {
  const { orderId, action, data, actor, message, now } = change;
  const changed = await tx.order.updateMany({ where: { id: orderId, ...allowedOrders(action) }, data });
  if (changed.count === 0) return false;
  await addOrderEvent(tx, { orderId, kind: action, actor, message, now });
  return true;
}
