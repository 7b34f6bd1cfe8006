import type Stripe from "stripe";
import type { Call } from "../call";
import { idOf } from "../ids";
import { markCancelled } from "../payments/cancel-payment";
import { emitEvent } from "../webhooks/emit-event";
import { invalidRequest } from "../wire";

/** Closes an open session: nobody can pay it any more, and a PaymentIntent it had is cancelled. */
export function expireSession(call: Call, session: Stripe.Checkout.Session): Stripe.Checkout.Session {
  if (session.status !== "open") {
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
    );
  }
  const expired: Stripe.Checkout.Session = { ...session, status: "expired", url: null };
  call.store.sessions.put(session.id, expired);
  const intent = call.store.paymentIntents.get(idOf(session.payment_intent) ?? "");
  if (intent && intent.status !== "succeeded" && intent.status !== "canceled") markCancelled(call, intent, null);
  emitEvent(call, { type: "checkout.session.expired", object: expired });
  return expired;
}
