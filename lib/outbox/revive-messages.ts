import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { addToOutbox } from "./add-to-outbox";
import type { OutboxMessages, OutboxName } from "./messages";
import { againKey, subjectOf } from "./same-work";

type Dead = { key: string; name: OutboxName; payload: OutboxMessages[OutboxName]; tags: string[] };

/**
 * Asks again for work whose run the platform gave up (`runs`, by their tags): at once the first time, then after one
 * minute, two, four, up to an hour. Work that was asked for again since is left alone. Every run of the store may be run
 * again, so this asks nobody whether it was done. Answers how many.
 */
export async function reviveMessages({
  runs,
  now,
}: {
  runs: readonly { tags: readonly string[] }[];
  now: Date;
}): Promise<number> {
  const ids = runs.flatMap(({ tags }) => tags.filter((tag) => tag.startsWith("out_")));
  if (ids.length === 0) return 0;
  // Runs of imports have a sweep of their own. A mail is known to Resend for a day, with the half day that its run may take.
  const dead = await db().$queryRaw<Dead[]>(Prisma.sql`
    select asked.key, asked.name, asked.payload, asked.tags
    from outbox_message asked cross join lateral (
      select count(*) as tries, min(created_at) as first_at, bool_or(same.created_at > asked.created_at) as is_asked_since
      from outbox_message same
      where ${subjectOf("same")} = ${subjectOf("asked")} and same.name = asked.name and same.payload = asked.payload) work
    where asked.id = any(${ids}) and asked.name <> 'import.start' and not work.is_asked_since
      and (asked.name not in ('order.notify', 'import.notify', 'password-reset.notify')
        or work.first_at > ${now}::timestamptz - interval '12 hours')
      and (work.tries = 1
        or asked.sent_at < ${now}::timestamptz - least(60, 2 ^ least(work.tries - 2, 6)) * interval '1 minute')`);
  for (const { key, name, payload, tags } of dead)
    await transaction((tx) => addToOutbox(tx, name, { key: againKey(key, now), payload, tags }));
  return dead.length;
}
