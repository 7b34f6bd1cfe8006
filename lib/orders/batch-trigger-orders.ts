import { type Actor, requireStaff } from "@/lib/accounts/actor";
import type { Prisma } from "@/lib/db/generated/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { newId, type OrderId } from "@/lib/ids";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { againKey } from "@/lib/outbox/same-work";
import { orderRunTag } from "@/lib/runs/tags";
import { addOrderEvent } from "./change-order";
import { type OrderWork, orderWork } from "./order-work";

/** Which orders are worked on once more, and why the others are not. */
export type TriggeredOrders = {
  asked: { orderId: OrderId; number: number }[];
  left: { orderId: OrderId; number: number | null; why: string }[];
};

const include = {
  payments: true,
  label: true,
  reviews: { where: { state: { not: "approved" } } },
  refunds: { where: { state: { in: ["requested", "pending"] } } },
} satisfies Prisma.OrderInclude;

/**
 * Staff have the work on any orders done once more, whatever has become of the runs before: each by a new run, beside
 * others that may still go on, since every step asks first whether it is done. Asked for twice within a minute it is asked
 * for once.
 *
 * All that are to be asked for are asked for in one transaction, through the outbox, so that none gets lost.
 *
 * @throws NotAllowedError
 */
export async function batchTriggerOrders(asked: {
  actor: Actor;
  orderIds: readonly OrderId[];
  now: Date;
}): Promise<TriggeredOrders> {
  const { actor, now } = asked;
  requireStaff(actor);
  const orderIds = [...new Set(asked.orderIds)];
  return transaction(async (tx) => {
    const orders = await tx.order.findMany({ where: { id: { in: orderIds } }, include, orderBy: { number: "asc" } });
    const known = new Set(orders.map(({ id }) => id));
    const result: TriggeredOrders = { asked: [], left: [] };
    for (const order of orders) {
      const { number } = order;
      const orderId = order.id as OrderId;
      const { work, why } = orderWork(order);
      if (work.length === 0) {
        result.left.push({ orderId, number, why });
        continue;
      }
      for (const step of work) await askFor(tx, { orderId, step, now });
      result.asked.push({ orderId, number });
    }
    for (const orderId of orderIds)
      if (!known.has(orderId)) result.left.push({ orderId, number: null, why: "There is no such order." });
    const message = "Somebody at the store had it processed again.";
    for (const { orderId } of result.asked)
      await addOrderEvent(tx, { orderId, kind: "process-again", actor, message, now });
    await tx.auditEntry.createMany({
      data: result.asked.map(({ orderId }) => ({
        id: newId("audit"),
        actorId: actor.userId,
        action: "order.process-again",
        subject: orderId,
        createdAt: now,
      })),
    });
    return result;
  });
}

async function askFor(tx: Tx, { orderId, step, now }: { orderId: OrderId; step: OrderWork; now: Date }): Promise<void> {
  const tags = [orderRunTag(orderId)];
  switch (step.name) {
    case "order.process":
    case "order.fulfil": {
      const key = againKey(`order:${orderId}:${step.name === "order.process" ? "process" : "fulfil"}`, now);
      return addToOutbox(tx, step.name, { key, payload: { orderId }, tags });
    }
    case "order.refund": {
      const { refundId } = step;
      const key = againKey(`refund:${refundId}:send`, now);
      return addToOutbox(tx, step.name, { key, payload: { refundId }, tags });
    }
  }
}
