import type Stripe from "stripe";
import type { Call } from "../call";
import { noSuch } from "../wire";

/** Looks up what a path names, or answers 404 in Stripe's words. */
export function getIntent(call: Call, id: string): Stripe.PaymentIntent {
  const intent = call.store.paymentIntents.get(id);
  if (!intent) throw noSuch("payment_intent", id, { param: "intent" });
  return intent;
}

export function getSession(call: Call, id: string): Stripe.Checkout.Session {
  const session = call.store.sessions.get(id);
  if (!session) throw noSuch("checkout.session", id, { param: "session" });
  return session;
}

/** A customer named by a parameter; a deleted one counts as missing. */
export function requireCustomer(call: Call, id: string): Stripe.Customer {
  const customer = call.store.customers.get(id);
  if (!customer || customer.deleted) throw noSuch("customer", id, { param: "customer", status: 400 });
  return customer;
}
