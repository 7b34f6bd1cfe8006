import { type Check, check } from "../check";

/** Only checkouts and payments that say they are an order's: an account may take other money too. */
const reference = "order_id is not null";

/**
 * Invariant 2. A payment page's address is given away only after its row was stored, so that a completed page without a
 * row is a violation at every moment; and two charges for one order are.
 */
export const captureChecks: readonly Check[] = [
  check<{ id: string; order_id: string; intent: string }>(
    `select id, order_id, payment_intent_id as intent from audit_stripe_session session
     where ${reference} and not is_later and not exists (select 1 from payment where session_id = session.id)`,
    (row) =>
      `Checkout ${row.id} for order ${row.order_id} was completed with ${row.intent}, and no payment here names it.`,
  ),
  check<{ id: string; payment: string; order_here: string; order_there: string }>(
    `select session.id, payment.id as payment, payment.order_id as order_here, session.order_id as order_there
     from audit_stripe_session session join payment on payment.session_id = session.id
     where session.order_id <> payment.order_id`,
    (row) =>
      `Checkout ${row.id} is for order ${row.order_there} at Stripe, and payment ${row.payment} here has it for ${row.order_here}.`,
  ),
  check<{ id: string; payments: number; ids: string }>(
    `select session_id as id, count(*) as payments, string_agg(order_id, ', ' order by order_id) as ids
     from payment where session_id is not null group by session_id having count(*) > 1`,
    (row) => `Checkout ${row.id} pays ${row.payments} times here: for ${row.ids}.`,
  ),
  check<{ id: string; payment: string; here: string; there: string }>(
    `select session.id, payment.id as payment, payment.payment_intent_id as here, session.payment_intent_id as there
     from audit_stripe_session session join payment on payment.session_id = session.id
     where payment.payment_intent_id <> session.payment_intent_id`,
    (row) => `Checkout ${row.id} was paid with ${row.there}, and payment ${row.payment} here names ${row.here}.`,
  ),
  check<{ order_id: string; captures: number; ids: string }>(
    `select coalesce(payment.order_id, at_stripe.order_id) as order_id, count(*) as captures,
       string_agg(at_stripe.id, ', ' order by at_stripe.id) as ids
     from audit_stripe_payment at_stripe left join payment on payment.id = at_stripe.here
     where at_stripe.status = 'succeeded' and coalesce(payment.order_id, at_stripe.order_id) is not null
     group by 1 having count(*) > 1`,
    (row) => `Order ${row.order_id} was charged ${row.captures} times at Stripe: ${row.ids}.`,
  ),
  check<{ order_id: string; captures: number; ids: string }>(
    `select order_id, count(*) as captures, string_agg(id, ', ' order by id) as ids
     from payment where state = 'captured' group by order_id having count(*) > 1`,
    (row) => `Order ${row.order_id} has ${row.captures} captured payments here: ${row.ids}.`,
  ),
  check<{ intent: string; payments: number; ids: string }>(
    `select payment_intent_id as intent, count(*) as payments, string_agg(id, ', ' order by id) as ids
     from payment where payment_intent_id is not null group by payment_intent_id having count(*) > 1`,
    (row) => `${row.intent} belongs to ${row.payments} payments here: ${row.ids}.`,
  ),
  check<{ intent: string; payment: string; order_here: string; order_there: string }>(
    `select at_stripe.id as intent, payment.id as payment, payment.order_id as order_here,
       at_stripe.order_id as order_there
     from audit_stripe_payment at_stripe join payment on payment.id = at_stripe.here
     where at_stripe.order_id <> payment.order_id`,
    (row) =>
      `${row.intent} is for order ${row.order_there} at Stripe, and payment ${row.payment} here has it for ${row.order_here}.`,
  ),
];

export const captureCountSql = `
  select (select count(*) from audit_stripe_session where ${reference}) as checkouts,
    (select count(*) from audit_stripe_payment where status = 'succeeded') as captures`;
