import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { addToOutbox } from "./add-to-outbox";
import type { OutboxMessages, OutboxName } from "./messages";
import { againKey, subjectOf } from "./same-work";

/** Something that waits for work: `since` is when it began to. */
export type Waiting<Row> = Row & { id: string; since: Date };
type Message<Name extends OutboxName> = { key: string; payload: OutboxMessages[Name]; tags?: readonly string[] };

/** What is still at work stays at the front: so many times the limit are looked at, to get past it. */
const looksPerAnswer = 10;

/**
 * Asks again for the work on what still waits although the run that was asked for last is over: ten minutes after that was
 * sent, then after twice as long each time, up to an hour, for as long as it waits. A run that is not over is left to do
 * its work, however long that takes, and holds up nothing behind it. Answers how many, at most `limit`.
 *
 * `waiting` selects `id`, `since` and whatever `message` needs; `isRunOver` asks the task platform.
 *
 * @throws RunsUnavailableError as `isRunOver` does
 */
export async function askAgain<Name extends OutboxName, Row extends object>(asked: {
  name: Name;
  waiting: Prisma.Sql;
  /** As it was asked for at first. */
  message: (row: Waiting<Row>) => Message<Name>;
  isRunOver: (runId: string) => Promise<boolean>;
  now: Date;
  limit: number;
}): Promise<number> {
  const { name, waiting, isRunOver, now, limit } = asked;
  const due = await db().$queryRaw<(Waiting<Row> & { runId: string | null })[]>(Prisma.sql`
    select waiting.*, last.run_id as "runId"
    from (${waiting}) waiting left join lateral (
      select run_id, sent_at, count(*) over () as tries from outbox_message asked
      where ${subjectOf("asked")} = waiting.id and name = ${name}
      order by created_at desc, id desc limit 1) last on true
    where case when last.tries is null then waiting.since else last.sent_at end
      < ${now}::timestamptz - least(60, 10 * 2 ^ least(coalesce(last.tries, 1) - 1, 3)) * interval '1 minute'
    order by last.sent_at nulls first limit ${limit * looksPerAnswer}`);
  let count = 0;
  for (const row of due) {
    if (count === limit) break;
    if (row.runId && !(await isRunOver(row.runId))) continue;
    const message = asked.message(row);
    await transaction((tx) => addToOutbox(tx, name, { ...message, key: againKey(message.key, now) }));
    count += 1;
  }
  return count;
}
