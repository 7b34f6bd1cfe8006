import { type Check, check } from "../check";

/** When a notice of a kind may go to the shopper of an order. A kind that is not here may go at any time. */
const fits = `
  case mail.kind
    when 'confirmation' then o.confirmed_at is not null
    when 'shipped' then shipment.shipped_at is not null
    when 'cancelled' then o.status = 'cancelled'
    when 'payment-failed' then o.payment_status = 'failed'
    when 'payment-needed' then exists (
      select 1 from payment where payment.id = mail.subject and payment.kind = 'saved_card' and payment.state = 'failed')
    when 'refunded' then exists (select 1 from refund where refund.id = mail.subject and refund.succeeded_at is not null)
    when 'return-received' then exists (select 1 from return where return.id = mail.subject and return.state = 'received')
    else true
  end`;

/** What the shopper of an order has to be told, by where the order has come. */
const due = `
  select o.id as order_id, o.updated_at, 'confirmation' as kind, array['confirmation'] as kinds
    from "order" o where o.confirmed_at is not null
  union all select o.id, o.updated_at, 'shipped', array['shipped']
    from "order" o join shipment on shipment.order_id = o.id where shipment.shipped_at is not null
  union all select o.id, o.updated_at, 'cancelled', array['cancelled', 'payment-failed']
    from "order" o where o.status = 'cancelled'
  union all select order_id, created_at, 'payment-needed', array['payment-needed']
    from order_event where kind = 'askShopper'`;

const about = "coalesce(order_id, report_id, subscription_invoice_id, finding_id, import_id, password_reset_id)";

/** Invariant 5. That none is missing is exact once the store is quiet; the rest holds at every moment. */
export const noticeChecks: readonly Check[] = [
  check<{ subject: string; kind: string; mails: number; ids: string }>(
    `select ${about} as subject, kind, count(*) as mails, string_agg(id, ', ' order by id) as ids
     from sent_mail group by 1, kind, sent_mail.subject having count(*) > 1`,
    (row) => `The ${row.kind} of ${row.subject} was made ${row.mails} times: ${row.ids}.`,
  ),
  check<{ id: string; kind: string; order_id: string; status: string; payment_status: string; refund_status: string }>(
    `select mail.id, mail.kind, mail.order_id, o.status::text, o.payment_status::text, o.refund_status::text
     from sent_mail mail join "order" o on o.id = mail.order_id left join shipment on shipment.order_id = o.id
     where mail.sent_at is not null and not ${fits}`,
    (row) =>
      `Mail ${row.id} told the shopper ${row.kind}, and order ${row.order_id} is ${row.status} and ${row.payment_status}, its refund ${row.refund_status}.`,
  ),
  check<{ order_id: string; kind: string; mail: string | null }>(
    `select due.order_id, due.kind,
       (select min(id) from sent_mail where order_id = due.order_id and kind = any(due.kinds)) as mail
     from (${due}) due cross join audit_clock clock
     where due.updated_at <= clock.settled_before and not exists (
       select 1 from sent_mail where order_id = due.order_id and kind = any(due.kinds) and sent_at is not null)`,
    (row) =>
      `The shopper of order ${row.order_id} was not told ${row.kind}${row.mail ? `: mail ${row.mail} did not go out` : ""}.`,
  ),
  check<{ id: string; kind: string; subject: string }>(
    `select id, kind, ${about} as subject from sent_mail cross join audit_clock clock
     where order_id is null and password_reset_id is null and sent_at is null and created_at <= clock.settled_before`,
    (row) => `Mail ${row.id}, the ${row.kind} of ${row.subject}, did not go out.`,
  ),
  // Imports that ended before the store told of any are let be, and so are those of people who work here no more.
  check<{ id: string; status: string; created_by: string }>(
    `select import.id, import.status::text, import.created_by
     from import join "user" on "user".id = import.created_by cross join audit_clock clock
     where "user".role in ('owner', 'staff') and import.status in ('completed', 'failed')
       and import.finished_at <= clock.settled_before
       and (import.finished_at > (select min(created_at) from outbox_message where name = 'import.notify')
         or exists (
           select 1 from outbox_message where name = 'import.notify' and payload ->> 'importId' = import.id))
       and not exists (select 1 from sent_mail where import_id = import.id)`,
    (row) => `Import ${row.id} is ${row.status}, and ${row.created_by}, who started it, was not told.`,
  ),
  // A link is due for as long as it would set a password, and only where there is an account.
  check<{ id: string }>(
    `select reset.id from password_reset reset join "user" using (email) cross join audit_clock clock
     where closed_at is null and expires_at > clock.now and reset.created_at <= clock.settled_before
       and not exists (select 1 from sent_mail where password_reset_id = reset.id and sent_at is not null)`,
    (row) => `Password reset ${row.id} was asked for, and its link was not mailed.`,
  ),
];

export const noticeCountSql = `
  select count(*) as sent, count(order_id) as to_shoppers from sent_mail where sent_at is not null`;
