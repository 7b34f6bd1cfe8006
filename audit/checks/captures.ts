import { type Check, check } from "../check";

/** Only checkouts and payments that say they are an order's: an account may take other money too. */
const reference = "order_id is not null";

/** How a payment came to be: on a page that was completed, or with a card that the order's own shopper keeps. */
const wayChecks: readonly Check[] = [
  check<{ id: string; order_id: string; page: string | null }>(
    `select payment.id, payment.order_id, payment.session_id as page from payment
     where kind = 'page' and state in ('authorized', 'captured') and not exists (
       select 1 from audit_stripe_session session where session.id = payment.session_id)`,
    (row) =>
      `Payment ${row.id} of order ${row.order_id} is said to be made on a page, and ${row.page ? `Stripe has ${row.page} as not completed` : "has none"}.`,
  ),
  check<{ id: string; order_id: string; card: string | null; page: string | null }>(
    `select payment.id, payment.order_id, payment.saved_card_id as card, session.id as page from payment
     join "order" o on o.id = payment.order_id
     left join saved_card card on card.id = payment.saved_card_id
     left join audit_stripe_session session on session.payment_intent_id = payment.payment_intent_id
     where payment.kind = 'saved_card' and payment.state in ('authorized', 'captured', 'voided')
       and (card.id is null or card.user_id is distinct from o.user_id or session.id is not null)`,
    (row) =>
      row.page
        ? `Payment ${row.id} of order ${row.order_id} is said to be made with a saved card, and Stripe has it on page ${row.page}.`
        : `Payment ${row.id} of order ${row.order_id} was made with ${row.card ?? "no card"}, which its shopper does not keep.`,
  ),
  check<{ id: string; intent: string; here: string; there: string }>(
    `select payment.id, at_stripe.id as intent,
       card.stripe_customer_id || ' with ' || card.payment_method_id as here,
       concat_ws(' with ', coalesce(at_stripe.customer, 'nobody'), at_stripe.payment_method) as there
     from audit_stripe_payment at_stripe join payment on payment.id = at_stripe.here
     join saved_card card on card.id = payment.saved_card_id
     where at_stripe.status in ('succeeded', 'requires_capture')
       and (at_stripe.customer, at_stripe.payment_method) is distinct from (card.stripe_customer_id, card.payment_method_id)`,
    (row) =>
      `${row.intent} is paid by ${row.there} at Stripe, and payment ${row.id} here is to be paid by ${row.here}.`,
  ),
];

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
  ...wayChecks,
];

export const captureCountSql = `
  select (select count(*) from audit_stripe_session where ${reference}) as checkouts,
    (select count(*) from payment where kind = 'saved_card' and state = 'captured') as saved_cards,
    (select count(*) from audit_stripe_payment where status = 'succeeded') as captures`;
