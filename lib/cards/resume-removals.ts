import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import type { SavedCardId } from "@/lib/ids";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { stalledSince, tryName } from "@/lib/outbox/stalled";

/** Asks again for cards to be forgotten at Stripe whose run gave up: once an hour each, for three days; answers how many. */
export async function resumeRemovals({ now, limit = 100 }: { now: Date; limit?: number }): Promise<number> {
  const { gt, lt } = stalledSince(now);
  const thisTry = `:remove:${tryName(now)}`;
  const stalled = await db().$queryRaw<{ id: SavedCardId }[]>(Prisma.sql`
    select id from saved_card where state = 'removing' and updated_at > ${gt} and updated_at < ${lt}
      and not exists (select 1 from outbox_message where key = 'saved-card:' || saved_card.id || ${thisTry})
    order by updated_at limit ${limit}`);
  for (const { id } of stalled) {
    const key = `saved-card:${id}${thisTry}`;
    await transaction((tx) => addToOutbox(tx, "saved-card.remove", { key, payload: { cardId: id } }));
  }
  return stalled.length;
}
