import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import type { OutboxMessages } from "@/lib/outbox/messages";

type Notice = "order.notify" | "import.notify" | "password-reset.notify";
type Lost = { key: string; name: Notice; payload: OutboxMessages[Notice]; tags: string[]; runId: string | null };

const minuteMs = 60_000;
/** With the half day that its second run may take, within the day for which Resend knows a mail by its key. */
const lookBackMs = 12 * 60 * minuteMs;

/**
 * Asks once more for notices whose run is over although their mail never went out: a killed process ends its run
 * without another attempt. A mail that was refused is tried once more as well, and refused again; one with a link that
 * opens nothing any more is let be. Answers how many.
 *
 * `isRunOver` asks the task platform. @throws RunsUnavailableError as it does
 */
export async function resumeNotices({
  isRunOver,
  now,
  limit = 100,
}: {
  isRunOver: (runId: string) => Promise<boolean>;
  now: Date;
  limit?: number;
}): Promise<number> {
  const since = new Date(now.getTime() - lookBackMs);
  const until = new Date(now.getTime() - minuteMs);
  const unsent = await db().$queryRaw<Lost[]>(Prisma.sql`
    select key, name, payload, tags, run_id as "runId" from outbox_message asked
    where name in ('order.notify', 'import.notify', 'password-reset.notify') and key not like '%:again'
      and sent_at > ${since} and sent_at < ${until}
      and not exists (select 1 from outbox_message where key = asked.key || ':again')
      and not exists (select 1 from sent_mail where order_id = asked.payload ->> 'orderId'
        and kind = asked.payload ->> 'notice' and subject = coalesce(asked.payload ->> 'subject', '')
        and sent_at is not null)
      and not exists (select 1 from sent_mail where import_id = asked.payload ->> 'importId' and sent_at is not null)
      and (name <> 'password-reset.notify' or exists (
        select 1 from password_reset reset where id = asked.payload ->> 'passwordResetId'
          and closed_at is null and expires_at > ${now}
          and not exists (select 1 from sent_mail where password_reset_id = reset.id and sent_at is not null)))
    order by sent_at limit ${limit}`);
  let resumed = 0;
  for (const { key, name, payload, tags, runId } of unsent) {
    if (runId && !(await isRunOver(runId))) continue;
    await transaction((tx) => addToOutbox(tx, name, { key: `${key}:again`, payload, tags }));
    resumed += 1;
  }
  return resumed;
}
