import { db } from "@/lib/db/client";
import type { OrderStatus, PaymentStatus } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import type { OrderId } from "@/lib/ids";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import type { OutboxName } from "@/lib/outbox/messages";
import { stalledSince, tryName } from "@/lib/outbox/stalled";
import { orderRunTag } from "@/lib/runs/tags";

type Stage = { work: Extract<OutboxName, "order.process" | "order.fulfil">; step: string } & (
  | { paymentStatus: PaymentStatus }
  | { status: OrderStatus }
);

/** Where an order waits for a run, and for which. */
const stages: readonly Stage[] = [
  { work: "order.process", step: "process", paymentStatus: "authorized" },
  { work: "order.fulfil", step: "fulfil", status: "confirmed" },
];

/**
 * Asks again for the work on orders whose run gave up, such as when Stripe was away for longer than its tries: once an
 * hour each, for three days. Safe, because the work itself may be run at any time and again.
 */
export async function resumeOrders({ now, limit = 100 }: { now: Date; limit?: number }): Promise<number> {
  let resumed = 0;
  for (const { work, step, ...where } of stages) {
    const stalled = await db().order.findMany({
      where: { ...where, updatedAt: stalledSince(now) },
      orderBy: { updatedAt: "asc" },
      select: { id: true },
      take: limit,
    });
    for (const { id } of stalled) {
      const orderId = id as OrderId;
      const key = `order:${orderId}:${step}:${tryName(now)}`;
      await transaction((tx) => addToOutbox(tx, work, { key, payload: { orderId }, tags: [orderRunTag(orderId)] }));
    }
    resumed += stalled.length;
  }
  return resumed;
}
