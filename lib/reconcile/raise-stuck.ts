import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { type FindingKind, raiseFinding } from "@/lib/findings/raise-finding";
import type { OrderId } from "@/lib/ids";
import { waitingOrders } from "@/lib/orders/waiting-orders";

type StuckKind = Extract<FindingKind, `${string}-stuck` | "refund-refused">;

const day = Prisma.sql`interval '1 day'`;
/** An outage of the task platform that lasts longer than this is told. */
const platformAway = Prisma.sql`interval '1 hour'`;

/** What the sweeps have driven on for long enough: `subject`, `order_id` and a sentence for staff. */
const stuck = (now: Date): Record<StuckKind, Prisma.Sql> => ({
  "order-stuck": Prisma.sql`
    select id as subject, id as order_id, format(
      'Order #%s is %s and %s since %s, and working on it again and again did not finish it. Its runs say why.',
      number, status, payment_status, to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI')) as message
    from "order" where (${waitingOrders["order.process"]} or ${waitingOrders["order.fulfil"]})
      and updated_at < ${now}::timestamptz - ${day}`,
  "refund-stuck": Prisma.sql`
    select refund.id as subject, order_id, format(
      case refund.state when 'requested' then 'A refund of order #%s was promised at %s, and Stripe has not made it yet.'
        else 'A refund of order #%s was made at %s, and the bank has not settled it yet.' end,
      number, to_char(refund.created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI')) as message
    from refund join "order" on "order".id = order_id
    where (refund.state = 'requested' and refund.created_at < ${now}::timestamptz - ${day})
      or (refund.state = 'pending' and refund.created_at < ${now}::timestamptz - 30 * ${day})`,
  // Nobody has the money back: the bank could not take it, or a dispute was faster and has been won since.
  "refund-refused": Prisma.sql`
    select id as subject, id as order_id, format(
      'Order #%s was cancelled, and not all of its money could be given back: %s. Refund the rest anew, or find another way with the shopper.',
      number, coalesce((select failure_reason from refund where order_id = "order".id and state in ('failed', 'canceled')
        order by settled_at desc limit 1), 'the refund failed')) as message
    from "order" where status = 'cancelled' and payment_status = 'paid' and refunded_amount < total_amount
      and not exists (select 1 from dispute where order_id = "order".id and blocks_refunds)`,
  "event-stuck": Prisma.sql`
    select id as subject, null as order_id, format(
      'What Stripe told with %s (%s) could not be applied for a day. Its runs say why.', id, type) as message
    from stripe_event where status = 'received' and received_at < ${now}::timestamptz - ${day}`,
  // One for all: whatever keeps one from being sent usually keeps the others.
  "message-stuck": Prisma.sql`
    select 'outbox' as subject, null as order_id, format(
      '%s messages could not be sent to the task platform, the first one since %s: %s', count(*),
      to_char(min(created_at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
      coalesce(min(last_error), 'nobody has tried')) as message
    from outbox_message where sent_at is null and available_at < ${now}::timestamptz + ${platformAway}
      and created_at < ${now}::timestamptz - ${platformAway} having count(*) > 0`,
  // A link that sets a password is of no use after an hour: whoever wants one asks anew.
  "mail-stuck": Prisma.sql`
    select id as subject, order_id, format('The %s mail to %s did not go out for a day.', kind, recipient) as message
    from sent_mail where sent_at is null and finding_id is null and password_reset_id is null
      and created_at < ${now}::timestamptz - ${day}`,
});

/**
 * Raises to a person what the sweeps could not bring to an end, refunds of cancelled orders that were refused among it,
 * and takes back what has come to one since. What staff resolved stays so until it has come to an end: stuck once more
 * after that it is raised anew. The sweeps go on trying either way. Answers how many are new.
 */
export async function raiseStuck({ now, limit = 100 }: { now: Date; limit?: number }): Promise<number> {
  let raised = 0;
  for (const [kind, query] of Object.entries(stuck(now)) as [StuckKind, Prisma.Sql][]) {
    await db().$executeRaw(Prisma.sql`
      update finding set state = 'resolved', resolved_at = coalesce(resolved_at, ${now}), resolved_by = 'system',
        note = case state when 'open' then 'It has settled itself.' else note end
      where kind = ${kind} and (state = 'open' or resolved_by <> 'system')
        and not exists (select 1 from (${query}) still where finding.key = ${`${kind}:`} || still.subject)`);
    const rows = await db().$queryRaw<{ subject: string; orderId: OrderId | null; message: string }[]>(Prisma.sql`
      select subject, order_id as "orderId", message from (${query}) found
      where not exists (select 1 from finding where key = ${`${kind}:`} || found.subject
        and (state = 'open' or resolved_by <> 'system')) limit ${limit}`);
    for (const row of rows) if (await raiseFinding({ kind, ...row }, now)) raised += 1;
  }
  return raised;
}
