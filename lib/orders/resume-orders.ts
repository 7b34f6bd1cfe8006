import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import type { OrderId } from "@/lib/ids";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import type { OutboxName } from "@/lib/outbox/messages";
import { stalledSince, tryName } from "@/lib/outbox/stalled";
import { orderRunTag } from "@/lib/runs/tags";

type Stage = { work: Extract<OutboxName, "order.process" | "order.fulfil">; step: string; waiting: Prisma.Sql };

/** Confirmed, and nobody has to decide first; or over, with a label bought for it that has to be taken back. */
const unpacked = Prisma.sql`(
  (status = 'confirmed' and not exists (
    select 1 from order_review where order_id = "order".id and state <> 'approved'))
  or (status = 'cancelled' and exists (select 1 from shipping_label where order_id = "order".id and state <> 'void')))`;

/** Its card was authorised; or it is a saved one, and the bank is to be asked. */
const uncharged = Prisma.sql`(
  payment_status = 'authorized'
  or (status = 'pending' and payment_status = 'unpaid' and exists (
    select 1 from payment where order_id = "order".id and kind = 'saved_card' and state = 'created')))`;

/** Where an order waits for a run, and for which. */
const stages: readonly Stage[] = [
  { work: "order.process", step: "process", waiting: uncharged },
  { work: "order.fulfil", step: "fulfil", waiting: unpacked },
];

/**
 * Asks again for the work on orders whose run gave up, such as when Stripe was away for longer than its tries: once an
 * hour each, for three days; answers how many. Safe, because the work itself may be run at any time and again.
 */
export async function resumeOrders({ now, limit = 100 }: { now: Date; limit?: number }): Promise<number> {
  const { gt, lt } = stalledSince(now);
  let resumed = 0;
  for (const { work, step, waiting } of stages) {
    const thisTry = `:${step}:${tryName(now)}`;
    const stalled = await db().$queryRaw<{ orderId: OrderId }[]>(Prisma.sql`
      select id as "orderId" from "order" where ${waiting} and updated_at > ${gt} and updated_at < ${lt}
        and not exists (select 1 from outbox_message where key = 'order:' || "order".id || ${thisTry})
      order by updated_at limit ${limit}`);
    for (const { orderId } of stalled) {
      const key = `order:${orderId}${thisTry}`;
      await transaction((tx) => addToOutbox(tx, work, { key, payload: { orderId }, tags: [orderRunTag(orderId)] }));
    }
    resumed += stalled.length;
  }
  return resumed;
}
