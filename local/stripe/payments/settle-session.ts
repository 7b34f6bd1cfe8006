import type Stripe from "stripe";
import type { Call } from "../call";
import { idOf } from "../ids";

/** A Checkout Session is `paid` once the funds of its PaymentIntent are there: with manual capture, only after the capture. */
export function settleSession(call: Call, intent: Stripe.PaymentIntent): void {
  const session = findSessionOf(call, intent.id);
  if (session && session.status === "complete" && intent.status === "succeeded") {
    call.store.sessions.put(session.id, { ...session, payment_status: "paid" });
  }
}

export function findSessionOf(call: Call, intentId: string): Stripe.Checkout.Session | undefined {
  return call.store.sessions.values().find((session) => idOf(session.payment_intent) === intentId);
}
