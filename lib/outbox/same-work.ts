import { Prisma } from "@/lib/db/generated/client";

/** What a message is about. With its name it is the work asked for; `outbox_message_subject` is the index of it. */
export function subjectOf(table: "asked" | "same"): Prisma.Sql {
  const payload = Prisma.raw(`${table}.payload`);
  return Prisma.sql`coalesce(
    ${payload} ->> 'orderId', ${payload} ->> 'refundId', ${payload} ->> 'eventId', ${payload} ->> 'cardId',
    ${payload} ->> 'importId', ${payload} ->> 'passwordResetId')`;
}

/**
 * The key of another message for the work of this one: whoever asks for it within the same minute, by a sweep or by hand,
 * asks once.
 */
export function againKey(key: string, now: Date): string {
  const first = key.replace(/:\d{4}-\d\d-\d\dT\d\d:\d\d$/, "");
  return `${first}:${now.toISOString().slice(0, 16)}`;
}
