import { amount } from "../amounts";
import { type Check, check } from "../check";

/** How long a shopper has to pay, until a sweep ends the order. */
const timeToPay = "interval '40 minutes'";

/**
 * What waits for the store itself, not for a person: a shopper who may still pay, staff who decide about an order or
 * hand a parcel over.
 */
const unfinishedOrders = `
  select o.id, o.status::text, o.payment_status::text, o.currency, payment.amount, at_stripe.id as intent,
    at_stripe.status as intent_status
  from "order" o cross join audit_clock clock
  left join payment on payment.order_id = o.id and payment.state in ('created', 'authorized')
  left join audit_stripe_payment at_stripe
    on at_stripe.here = payment.id and at_stripe.status in ('succeeded', 'requires_capture')
  where o.updated_at <= clock.settled_before
    and not (o.status = 'confirmed' and o.payment_status = 'paid' and exists (
      select 1 from order_review review where review.order_id = o.id and review.state <> 'approved'))
    and (o.status = 'confirmed' or o.payment_status = 'authorized'
      or (o.status = 'pending' and (at_stripe.id is not null or payment.id is null or payment.kind = 'saved_card'
        or payment.created_at + ${timeToPay} <= clock.settled_before)))`;

/** Invariant 4. Exact once the load has stopped and the sweepers have run. */
export const endingChecks: readonly Check[] = [
  check<{
    id: string;
    status: string;
    payment_status: string;
    currency: string;
    amount: number | null;
    intent: string | null;
    intent_status: string | null;
  }>(unfinishedOrders, (row) => {
    const there =
      row.intent && row.amount !== null
        ? `, and Stripe ${row.intent_status === "succeeded" ? "took" : "holds"} ${amount(row.amount, row.currency)} with ${row.intent}`
        : "";
    return `Order ${row.id} is still ${row.status} and ${row.payment_status}${there}.`;
  }),
  check<{ id: string; status: string }>(
    `select o.id, o.status::text from "order" o left join shipment on shipment.order_id = o.id
     where o.status in ('fulfilling', 'shipped', 'delivered') and shipment.id is null`,
    (row) => `Order ${row.id} is ${row.status} and has no shipment.`,
  ),
  check<{ id: string; order_id: string; amount: number; currency: string }>(
    `select refund.id, refund.order_id, refund.amount, refund.currency from refund cross join audit_clock clock
     where refund.state = 'requested' and refund.updated_at <= clock.settled_before`,
    (row) =>
      `Refund ${row.id} of ${amount(row.amount, row.currency)} for order ${row.order_id} was promised, and Stripe has not answered.`,
  ),
  check<{ id: string }>(
    `select id from saved_card cross join audit_clock clock
     where state = 'removing' and saved_card.updated_at <= clock.settled_before`,
    (row) => `Card ${row.id} was removed by its holder, and Stripe still keeps it.`,
  ),
  check<{ id: string; type: string; received_at: Date }>(
    `select id, type, received_at from stripe_event cross join audit_clock clock
     where status = 'received' and received_at <= clock.settled_before`,
    (row) => `Event ${row.id} (${row.type}) came at ${row.received_at.toISOString()} and was not handled.`,
  ),
  check<{ id: string; amount: number; currency: string }>(
    `select there.id, there.amount, there.currency from audit_stripe_invoice there
     join subscription on subscription.stripe_subscription_id = there.subscription_id
     left join subscription_invoice here on here.stripe_invoice_id = there.id
     where not there.is_later and here.status is distinct from 'paid'`,
    (row) => `Invoice ${row.id} took ${amount(row.amount, row.currency)} at Stripe, and is not paid here.`,
  ),
  check<{ id: string; status: string; file_name: string }>(
    `select id, status::text, file_name from import cross join audit_clock clock
     where status in ('queued', 'running', 'undoing') and created_at <= clock.settled_before`,
    (row) => `Import ${row.id} of ${row.file_name} is still ${row.status}.`,
  ),
  check<{ id: string; task: string; status: string; created_at: Date }>(
    `select run.id, run.task, run.status, run.created_at from audit_run run cross join audit_clock clock
     where not run.is_over and run.created_at <= clock.settled_before
       and (run.is_asked_for or run.created_at <= clock.now - interval '10 minutes')
       and not exists (
         select 1 from outbox_message asked
         join order_review review on review.order_id = asked.payload ->> 'orderId' and review.state = 'waiting'
         where asked.name = 'order.fulfil' and asked.run_id = run.id)`,
    (row) => `Run ${row.id} of ${row.task} began at ${row.created_at.toISOString()} and is still ${row.status}.`,
  ),
];

export const endingCountSql = `
  select (select count(*) from "order") as orders,
    (select count(*) from "order" where status in ('pending', 'fulfilling', 'shipped')) as waiting,
    (select count(*) from stripe_event) as events, (select count(*) from import) as imports,
    (select count(*) from audit_run) as runs`;
