import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { newId, type OrderId } from "@/lib/ids";
import { log } from "@/lib/log";

/** What a person has to look at, because the store must not mend it by itself or could not. */
export type FindingKind =
  | "payment-unknown"
  | "payment-after-end"
  | "payment-mismatch"
  | "payment-not-charged"
  | "refund-unmatched"
  | "order-stuck"
  | "refund-stuck"
  | "refund-refused"
  | "event-stuck"
  | "message-stuck"
  | "mail-stuck";

export type Raised = {
  kind: FindingKind;
  /** What it is about: an id, here or at Stripe. */
  subject: string;
  orderId: OrderId | null;
  /** A sentence for staff. */
  message: string;
};

/**
 * Writes down what a person has to look at. Found again it is the same finding; one that staff have resolved stays
 * resolved, one that had settled itself is open again, and staff are told anew. True where it is open now and was not before.
 */
export async function raiseFinding({ kind, subject, orderId, message }: Raised, now: Date): Promise<boolean> {
  const key = `${kind}:${subject}`;
  const raised = await db().$executeRaw(Prisma.sql`
    insert into finding (id, kind, key, order_id, message, created_at, seen_at)
    values (${newId("finding")}, ${kind}, ${key}, ${orderId}, ${message}, ${now}, ${now})
    on conflict (key) do update set state = 'open', message = excluded.message, created_at = excluded.created_at,
      seen_at = excluded.seen_at, resolved_at = null, resolved_by = null,
      -- A mail that has not gone out yet tells of it.
      told_with = case when exists (select 1 from sent_mail where finding_id = split_part(finding.told_with, ':', 1)
        and subject = finding.told_with and sent_at is not null) then null else finding.told_with end
    where finding.state = 'resolved' and finding.resolved_by = 'system'`);
  if (raised > 0) {
    log.warn("finding.raised", { kind, subject, orderId, message });
    return true;
  }
  await db().finding.updateMany({ where: { key, state: "open" }, data: { seenAt: now } });
  return false;
}
