import type Stripe from "stripe";
import type { Call } from "../call";
import { createCustomer } from "../customers/create-customer";
import { fullAddress } from "../full-address";
import { idOf } from "../ids";
import { attemptPayment, failChallenge, type PaymentAttempt } from "../payments/attempt-payment";
import { createCardPaymentMethod } from "../payments/card-payment-method";
import { createPaymentIntent } from "../payments/create-payment-intent";
import { emitEvent } from "../webhooks/emit-event";
import type { CardEntry } from "./card-form";
import { costOf } from "./create-session";

export type PayResult =
  /** Paid or authorised, now or before: the shopper goes to the success page. */
  | { outcome: "complete"; session: Stripe.Checkout.Session }
  | { outcome: "challenge"; session: Stripe.Checkout.Session; intent: Stripe.PaymentIntent }
  | { outcome: "declined"; session: Stripe.Checkout.Session; message: string }
  | { outcome: "closed"; session: Stripe.Checkout.Session };

/** The shopper presses Pay. Pressing twice pays once: a session that is complete stays as it is. */
export function paySession(call: Call, session: Stripe.Checkout.Session, entry: CardEntry): PayResult {
  if (session.status === "complete") return { outcome: "complete", session };
  if (session.status !== "open") return { outcome: "closed", session };

  const chosen = chooseShipping(call, session, entry.shippingRate);
  const method = createCardPaymentMethod(call, {
    number: entry.number,
    expMonth: entry.expMonth,
    expYear: entry.expYear,
    billingDetails: {
      address: fullAddress({ country: entry.country }),
      email: entry.email,
      name: entry.name,
    },
  });
  const intent = { ...intentFor(call, chosen), amount: chosen.amount_total ?? 0 };
  const withIntent: Stripe.Checkout.Session = {
    ...chosen,
    customer_details: detailsOf(entry),
    payment_intent: intent.id,
  };
  call.store.sessions.put(session.id, withIntent);
  return follow(call, withIntent, attemptPayment(call, { intent, method, returnUrl: session.url }));
}

/** The shopper answers the 3D Secure challenge of the session's payment. Answering again changes nothing. */
export function answerChallenge(call: Call, session: Stripe.Checkout.Session, passed: boolean): PayResult {
  if (session.status === "complete") return { outcome: "complete", session };
  if (session.status !== "open") return { outcome: "closed", session };
  const intent = call.store.paymentIntents.get(idOf(session.payment_intent) ?? "");
  const method = call.store.paymentMethods.get(idOf(intent?.payment_method) ?? "");
  if (!intent || !method || intent.status !== "requires_action") {
    return { outcome: "declined", session, message: intent?.last_payment_error?.message ?? "Please enter a card." };
  }
  if (passed) return follow(call, session, attemptPayment(call, { intent, method, authenticated: true }));
  const failed = failChallenge(call, intent, method);
  return { outcome: "declined", session, message: failed.last_payment_error?.message ?? "Authentication failed." };
}

function follow(call: Call, session: Stripe.Checkout.Session, attempt: PaymentAttempt): PayResult {
  switch (attempt.outcome) {
    case "declined":
      return { outcome: "declined", session, message: attempt.refusal.message };
    case "challenge":
      return { outcome: "challenge", session, intent: attempt.intent };
    case "paid":
    case "authorised":
      return { outcome: "complete", session: completeSession(call, session, attempt) };
  }
}

/**
 * `payment_status` says whether the funds are there (https://docs.stripe.com/api/checkout/sessions/object), so with
 * manual capture a complete session is still `unpaid` until the capture.
 */
function completeSession(
  call: Call,
  session: Stripe.Checkout.Session,
  attempt: { outcome: "paid" | "authorised"; intent: Stripe.PaymentIntent },
): Stripe.Checkout.Session {
  const customer = session.customer ?? customerFor(call, session, attempt.intent);
  const complete: Stripe.Checkout.Session = {
    ...session,
    customer,
    payment_status: attempt.outcome === "paid" ? "paid" : "unpaid",
    status: "complete",
    url: null,
  };
  call.store.sessions.put(session.id, complete);
  emitEvent(call, { type: "checkout.session.completed", object: complete });
  return complete;
}

/** With `customer_creation: "always"` the shopper becomes a customer; otherwise the payment is a guest's. */
function customerFor(call: Call, session: Stripe.Checkout.Session, intent: Stripe.PaymentIntent): string | null {
  if (session.customer_creation !== "always") return null;
  const details = session.customer_details;
  const customer = createCustomer(call, {
    address: details?.address ?? null,
    email: details?.email ?? null,
    name: details?.name ?? null,
  });
  call.store.paymentIntents.put(intent.id, { ...intent, customer: customer.id });
  return customer.id;
}

function intentFor(call: Call, session: Stripe.Checkout.Session): Stripe.PaymentIntent {
  const existing = call.store.paymentIntents.get(idOf(session.payment_intent) ?? "");
  if (existing) return existing;
  const plan = call.store.sessionPlans.get(session.id);
  if (!plan) throw new Error(`${session.id} has no plan.`);
  return createPaymentIntent(call, {
    ...plan.paymentIntentData,
    amount: session.amount_total ?? 0,
    automaticPaymentMethods: false,
    currency: session.currency ?? "",
    customer: session.customer,
  });
}

function chooseShipping(call: Call, session: Stripe.Checkout.Session, rateId: string | null): Stripe.Checkout.Session {
  const offered = session.shipping_options.some((option) => idOf(option.shipping_rate) === rateId);
  const rate = offered && rateId ? call.store.shippingRates.get(rateId) : undefined;
  if (!rate) return session;
  const cost = costOf(rate);
  return {
    ...session,
    amount_total: (session.amount_subtotal ?? 0) + cost.amount_total,
    shipping_cost: cost,
    total_details: { amount_discount: 0, amount_shipping: cost.amount_total, amount_tax: 0 },
  };
}

function detailsOf(entry: CardEntry): Stripe.Checkout.Session.CustomerDetails {
  return {
    address: fullAddress({ country: entry.country }),
    business_name: null,
    email: entry.email,
    individual_name: null,
    name: entry.name,
    phone: null,
    tax_exempt: "none",
    tax_ids: [],
  };
}
