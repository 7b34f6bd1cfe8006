import { amount } from "../amounts";
import { type Check, check } from "../check";

/** Per order, what Stripe has told us that it gives back, by what has become of it. */
const refundedAs = (states: string) =>
  `select order_id, sum(amount)::bigint as amount from refund where state in (${states}) group by order_id`;
const refundedHere = refundedAs("'pending', 'succeeded'");

/** What Stripe gives back; without what we have asked for and not heard of yet, which is promised and counted nowhere. */
const known = `not is_later and not exists (
  select 1 from refund asked where asked.id = audit_stripe_refund.here and asked.state = 'requested')`;

/** Per payment at Stripe, what was given back there. */
const refundedThere = `
  select payment_intent_id, sum(amount)::bigint as amount from audit_stripe_refund
  where ${known} and payment_intent_id is not null group by payment_intent_id`;

/** What was given back of an invoice is not kept here. */
const ofNoInvoice = `
  not exists (select 1 from audit_stripe_payment paid where paid.id = audit_stripe_refund.payment_intent_id and paid.invoice_id is not null)`;

/**
 * Money that Stripe has taken while the order here is still being worked on: the charge comes before its row says so.
 * It is counted, and told under invariant 4; once the store is quiet there must be none.
 */
const inFlight = `coalesce(payment.state in ('created', 'authorized'), at_stripe.is_later and payment.id is null)`;

/**
 * A saved card may be authorised at Stripe just after its payment ended here. The store looks again after five minutes and
 * gives it back.
 */
const straying = `
  payment.kind = 'saved_card' and payment.payment_intent_id is null and at_stripe.status = 'requires_capture'
  and payment.updated_at > clock.now - interval '10 minutes'`;

const atStripe = `audit_stripe_payment at_stripe left join payment on payment.id = at_stripe.here`;

type Total = { amount: number; currency: string };
const of = ({ amount: minorUnits, currency }: Total) => amount(minorUnits, currency);

/** What an order says of itself, and what its payments say. All of it is written in one transaction. */
const orderChecks: readonly Check[] = [
  check<{ id: string; total: number; sum: number; currency: string }>(
    `select o.id, o.currency, o.total_amount as total, o.shipping_amount + coalesce(lines.amount, 0) as sum
     from "order" o
     left join (select order_id, sum(total_amount) as amount from order_line group by order_id) lines on lines.order_id = o.id
     where o.total_amount <> o.shipping_amount + coalesce(lines.amount, 0)`,
    ({ id, total, sum, currency }) =>
      `Order ${id} costs ${amount(total, currency)}, and its lines and shipping add up to ${amount(sum, currency)}.`,
  ),
  check<{ id: string; said: string; sum: string }>(
    `select o.id, concat_ws(' ', o.subtotal_amount, o.discount_amount, o.tax_amount - o.shipping_tax_amount) as said,
       concat_ws(' ', coalesce(lines.subtotal, 0), coalesce(lines.discount, 0), coalesce(lines.tax, 0)) as sum
     from "order" o
     left join (
       select order_id, sum(unit_price_amount::bigint * quantity) as subtotal, sum(discount_amount) as discount,
         sum(tax_amount) as tax
       from order_line group by order_id) lines on lines.order_id = o.id
     where (o.subtotal_amount, o.discount_amount, o.tax_amount - o.shipping_tax_amount)
       is distinct from (coalesce(lines.subtotal, 0), coalesce(lines.discount, 0), coalesce(lines.tax, 0))`,
    ({ id, said, sum }) =>
      `Order ${id} says its items, the discount and the tax on them are ${said}, and its lines add up to ${sum}.`,
  ),
  check<{ code: string; used_count: number; uses: number }>(
    `select code, used_count, count(discount_use.order_id)::int as uses
     from discount left join discount_use on discount_use.discount_id = discount.id
     group by discount.id having used_count <> count(discount_use.order_id)`,
    ({ code, used_count, uses }) => `Discount ${code} counts ${used_count} uses, and orders that use it are ${uses}.`,
  ),
  check<{ id: string; status: string; has_use: boolean }>(
    `select o.id, o.status::text, discount_use.order_id is not null as has_use
     from "order" o left join discount_use on discount_use.order_id = o.id
     where (discount_use.order_id is null and o.discount_id is not null and o.status not in ('expired', 'cancelled'))
       or (discount_use.order_id is not null and o.status in ('expired', 'cancelled') and o.payment_status <> 'paid')`,
    ({ id, status, has_use }) =>
      `Order ${id} is ${status}, and ${has_use ? "has not given the use of its discount back" : "its discount does not count it"}.`,
  ),
  // A payment that another took the place of may be of an earlier price; that it holds no money is another check's.
  check<Total & { id: string; order_id: string; total: number; order_currency: string }>(
    `select payment.id, payment.order_id, payment.amount, payment.currency, o.total_amount as total,
       o.currency as order_currency
     from payment join "order" o on o.id = payment.order_id
     where (payment.amount <> o.total_amount or payment.currency <> o.currency)
       and not (payment.state = 'failed' and exists (
         select 1 from payment later
         where later.order_id = o.id and later.id <> payment.id and later.created_at >= payment.created_at))`,
    (row) =>
      `Payment ${row.id} is of ${of(row)}, and order ${row.order_id} costs ${amount(row.total, row.order_currency)}.`,
  ),
  check<{ id: string; says: string; payments: string }>(
    `select o.id, o.payment_status::text as says, coalesce(paid.states, 'none') as payments
     from "order" o
     left join (
       select order_id, bool_or(state = 'captured') as captured, bool_or(state = 'authorized') as authorized,
         string_agg(state::text, ', ' order by created_at, id) as states
       from payment group by order_id) paid on paid.order_id = o.id
     where (o.payment_status = 'paid') <> coalesce(paid.captured, false)
       or (o.payment_status = 'authorized') <> coalesce(paid.authorized and not paid.captured, false)`,
    (row) => `Order ${row.id} says it is ${row.says}, and its payments are: ${row.payments}.`,
  ),
  check<{ id: string; status: string; payment_status: string }>(
    `select id, status::text, payment_status::text from "order"
     where (status in ('confirmed', 'fulfilling', 'shipped', 'delivered') and payment_status <> 'paid')
       or (payment_status = 'paid' and status in ('pending', 'expired'))`,
    (row) => `Order ${row.id} is ${row.status} and ${row.payment_status}.`,
  ),
  // What the bank or a dispute did not let through waits for a person, who was told.
  check<Total & { id: string; total: number; off: number }>(
    `select o.id, o.currency, o.total_amount as total, o.refunded_amount as amount, coalesce(refused.amount, 0) as off
     from "order" o left join (${refundedAs("'failed', 'canceled'")}) refused on refused.order_id = o.id
     where o.payment_status = 'paid' and o.status = 'cancelled'
       and o.total_amount - o.refunded_amount not between 0 and coalesce(refused.amount, 0)`,
    (row) =>
      `Order ${row.id} is cancelled, ${of(row)} of ${amount(row.total, row.currency)} are given back or promised, and ${amount(row.off, row.currency)} could not be.`,
  ),
  check<Total & { id: string; says: number }>(
    `select o.id, o.refunded_amount as says, o.currency, coalesce(refunded.amount, 0) as amount
     from "order" o left join (${refundedAs("'requested', 'pending', 'succeeded'")}) refunded on refunded.order_id = o.id
     where o.refunded_amount <> coalesce(refunded.amount, 0)`,
    (row) =>
      `Order ${row.id} says ${amount(row.says, row.currency)} are given back or promised, and its refunds add up to ${of(row)}.`,
  ),
  check<Total & { id: string; says: string; total: number }>(
    `select o.id, o.refund_status::text as says, o.currency, o.total_amount as total,
       coalesce(refunded.amount, 0) as amount
     from "order" o left join (${refundedAs("'succeeded'")}) refunded on refunded.order_id = o.id
     where o.refund_status::text <> case when coalesce(refunded.amount, 0) = 0 then 'none'
       when refunded.amount < o.total_amount then 'partial' else 'full' end`,
    (row) =>
      `Order ${row.id} says its refund is ${row.says}, and ${of(row)} of ${amount(row.total, row.currency)} was given back here.`,
  ),
];

/**
 * Each payment on both sides. The snapshot is older than what Stripe is asked, and whatever is written here was done at
 * Stripe before: so what is captured or given back here must be so there, at every moment.
 */
const paymentChecks: readonly Check[] = [
  check<Total & { id: string; order_id: string; intent: string | null; status: string | null }>(
    `select payment.id, payment.order_id, payment.amount, payment.currency, payment.payment_intent_id as intent,
       at_stripe.status
     from payment left join audit_stripe_payment at_stripe on at_stripe.id = payment.payment_intent_id
     where payment.state = 'captured' and at_stripe.status is distinct from 'succeeded'`,
    (row) =>
      `Payment ${row.id} of order ${row.order_id} was captured here with ${of(row)}, and at Stripe ${
        row.intent ? `${row.intent} ${row.status ? `is ${row.status}` : "does not exist"}` : "it has no payment"
      }.`,
  ),
  check<Total & { id: string; order_id: string; intent: string; received: number; there: string }>(
    `select payment.id, payment.order_id, payment.amount, payment.currency, at_stripe.id as intent,
       at_stripe.received, at_stripe.currency as there
     from audit_stripe_payment at_stripe join payment on payment.id = at_stripe.here
     where at_stripe.status = 'succeeded'
       and (at_stripe.received <> payment.amount or at_stripe.currency <> payment.currency)`,
    (row) =>
      `${row.intent} took ${amount(row.received, row.there)} at Stripe, and payment ${row.id} of order ${row.order_id} is of ${of(row)}.`,
  ),
  check<Total & { intent: string; order_id: string; id: string; state: string; status: string }>(
    `select at_stripe.id as intent, at_stripe.amount, at_stripe.currency, at_stripe.status, payment.id,
       payment.order_id, payment.state::text
     from audit_stripe_payment at_stripe join payment on payment.id = at_stripe.here cross join audit_clock clock
     where at_stripe.status in ('succeeded', 'requires_capture') and payment.state in ('voided', 'failed')
       and not (${straying})`,
    (row) =>
      `${row.intent} ${row.status === "succeeded" ? "took" : "still holds"} ${of(row)} at Stripe, and payment ${row.id} of order ${row.order_id} is ${row.state} here.`,
  ),
  check<Total & { intent: string; order_id: string | null; status: string }>(
    `select at_stripe.id as intent, at_stripe.order_id, at_stripe.status, at_stripe.currency,
       case when at_stripe.status = 'succeeded' then at_stripe.received else at_stripe.amount end as amount
     from audit_stripe_payment at_stripe
     where at_stripe.here is null and at_stripe.invoice_id is null and not at_stripe.is_later
       and (at_stripe.status = 'succeeded' or (at_stripe.status = 'requires_capture' and at_stripe.order_id is not null))`,
    (row) =>
      `${row.intent} ${row.status === "succeeded" ? "took" : "holds"} ${of(row)} at Stripe for ${
        row.order_id ? `order ${row.order_id}` : "no order"
      }, and no payment here names it.`,
  ),
  check<Total & { intent: string; order_id: string | null; here: number }>(
    `select at_stripe.id as intent, payment.order_id, at_stripe.currency, coalesce(there.amount, 0) as amount,
       coalesce(here.amount, 0) as here
     from ${atStripe}
     left join (${refundedThere}) there on there.payment_intent_id = at_stripe.id
     left join (${refundedHere}) here on here.order_id = payment.order_id and payment.state = 'captured'
     where at_stripe.invoice_id is null and coalesce(there.amount, 0) <> coalesce(here.amount, 0)`,
    (row) =>
      `${row.intent} of ${row.order_id ? `order ${row.order_id}` : "no order"} gave ${of(row)} back at Stripe, and ${amount(row.here, row.currency)} here.`,
  ),
];

/** The renewals of subscriptions. One that is paid at Stripe only may be in flight, and stands under invariant 4. */
const invoiceChecks: readonly Check[] = [
  check<Total & { id: string }>(
    `select here.stripe_invoice_id as id, here.amount, here.currency from subscription_invoice here
     where here.status = 'paid' and not exists (
       select 1 from audit_stripe_invoice there where there.id = here.stripe_invoice_id)`,
    (row) => `Invoice ${row.id} was paid with ${of(row)} here, and is no paid invoice of Stripe's.`,
  ),
  check<Total & { id: string; paid: number; there: string }>(
    `select there.id, here.amount, here.currency, there.amount as paid, there.currency as there
     from subscription_invoice here join audit_stripe_invoice there on there.id = here.stripe_invoice_id
     where here.status = 'paid' and (here.amount <> there.amount or here.currency <> there.currency)`,
    (row) => `Invoice ${row.id} was paid with ${amount(row.paid, row.there)} at Stripe, and with ${of(row)} here.`,
  ),
];

/** Per currency, both sides, whatever the single payments say. */
const sums = `
  select currency,
    coalesce(sum(amount) filter (where side = 'charged there'), 0)::bigint as charged_there,
    coalesce(sum(amount) filter (where side = 'refunded there'), 0)::bigint as refunded_there,
    coalesce(sum(amount) filter (where side = 'charged here'), 0)::bigint as charged_here,
    coalesce(sum(amount) filter (where side = 'refunded here'), 0)::bigint as refunded_here
  from (
    select 'charged there' as side, at_stripe.currency, at_stripe.received as amount from ${atStripe}
      where at_stripe.status = 'succeeded' and at_stripe.invoice_id is null and not ${inFlight}
    union all select 'charged there', there.currency, there.amount
      from audit_stripe_invoice there join subscription_invoice here on here.stripe_invoice_id = there.id
      where here.status = 'paid'
    union all select 'charged here', currency, amount from subscription_invoice where status = 'paid'
    union all select 'refunded there', currency, amount from audit_stripe_refund
      where ${known} and ${ofNoInvoice}
    union all select 'charged here', currency, amount from payment where state = 'captured'
    union all select 'refunded here', o.currency, refunded.amount
      from (${refundedHere}) refunded join "order" o on o.id = refunded.order_id
  ) sides group by currency`;

export type Sums = {
  currency: string;
  charged_there: number;
  refunded_there: number;
  charged_here: number;
  refunded_here: number;
};

const sumCheck = check<Sums>(
  `select * from (${sums}) sums where charged_there - refunded_there <> charged_here - refunded_here`,
  ({ currency, ...sum }) =>
    `In ${currency} Stripe has charged ${amount(sum.charged_there, currency)} and given ${amount(sum.refunded_there, currency)} back, and here it is ${amount(sum.charged_here, currency)} and ${amount(sum.refunded_here, currency)}.`,
);

/** Invariant 3. */
export const moneyChecks: readonly Check[] = [...orderChecks, ...paymentChecks, ...invoiceChecks, sumCheck];

export const sumsSql = `${sums} order by currency`;

export const moneyCountSql = `
  select (select count(*) from "order") as orders, (select count(*) from payment) as payments,
    (select count(*) from subscription_invoice) as invoices,
    (select count(*) from ${atStripe} where at_stripe.status = 'succeeded' and ${inFlight}) as in_flight`;
