import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { stalledSince, tryName } from "@/lib/outbox/stalled";

/** Asks again for events to be handled whose run gave up: once an hour each, for three days; answers how many. */
export async function resumeEvents({ now, limit = 100 }: { now: Date; limit?: number }): Promise<number> {
  const { gt, lt } = stalledSince(now);
  const thisTry = `:${tryName(now)}`;
  const stalled = await db().$queryRaw<{ id: string }[]>(Prisma.sql`
    select id from stripe_event where status = 'received' and received_at > ${gt} and received_at < ${lt}
      and not exists (select 1 from outbox_message where key = 'stripe-event:' || stripe_event.id || ${thisTry})
    order by received_at limit ${limit}`);
  for (const { id } of stalled) {
    const key = `stripe-event:${id}${thisTry}`;
    await transaction((tx) => addToOutbox(tx, "stripe-event.received", { key, payload: { eventId: id } }));
  }
  return stalled.length;
}
