import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import type { OrderId, RefundId } from "@/lib/ids";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { stalledSince, tryName } from "@/lib/outbox/stalled";
import { orderRunTag } from "@/lib/runs/tags";

/**
 * Asks again for refunds that are not settled: whose run gave up, or which Stripe's bank works on and whose message may be
 * lost. Once an hour each, for three days; answers how many.
 */
export async function resumeRefunds({ now, limit = 100 }: { now: Date; limit?: number }): Promise<number> {
  const { gt, lt } = stalledSince(now);
  const thisTry = `:${tryName(now)}`;
  const stalled = await db().$queryRaw<{ id: RefundId; orderId: OrderId }[]>(Prisma.sql`
    select id, order_id as "orderId" from refund
    where state in ('requested', 'pending') and updated_at > ${gt} and updated_at < ${lt}
      and not exists (select 1 from outbox_message where key = 'refund:' || refund.id || ${thisTry})
    order by updated_at limit ${limit}`);
  for (const { id: refundId, orderId } of stalled) {
    const key = `refund:${refundId}${thisTry}`;
    await transaction((tx) =>
      addToOutbox(tx, "order.refund", { key, payload: { refundId }, tags: [orderRunTag(orderId)] }),
    );
  }
  return stalled.length;
}
