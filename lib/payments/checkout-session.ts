import Stripe from "stripe";
import { type CardAtStripe, toCardAtStripe } from "./read-card";
import { type PaymentAtStripe, toPaymentAtStripe } from "./read-payment";
import { callStripe } from "./stripe-client";
import { isMissing } from "./stripe-errors";

/**
 * How a payment page stands at Stripe: still open, out of time, or completed by the shopper. `free` was completed with
 * nothing to charge, which is never a page of ours. `card` is the card that was paid with, where Stripe keeps it.
 */
export type CheckoutSession =
  | { kind: "open" | "expired" | "free"; sessionId: string }
  | { kind: "complete"; sessionId: string; payment: PaymentAtStripe; card: CardAtStripe | null };

function toCheckoutSession(session: Stripe.Checkout.Session): CheckoutSession {
  if (session.status !== "complete")
    return { kind: session.status === "expired" ? "expired" : "open", sessionId: session.id };
  const intent = session.payment_intent;
  if (!intent || typeof intent === "string") return { kind: "free", sessionId: session.id };
  const { payment_method: method } = intent;
  const card = method && typeof method === "object" ? toCardAtStripe(method) : null;
  return { kind: "complete", sessionId: session.id, payment: toPaymentAtStripe(intent), card };
}

const withPayment = { expand: ["payment_intent.payment_method"] };

/** Asks Stripe how the payment page stands now; null where Stripe has no such page. */
export function readCheckoutSession(sessionId: string): Promise<CheckoutSession | null> {
  return callStripe(async (stripe) => {
    try {
      return toCheckoutSession(await stripe.checkout.sessions.retrieve(sessionId, withPayment));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  });
}

/**
 * Closes a payment page, so that nobody can pay on it any more, and answers how it stands afterwards: `expired`, or
 * `complete` where the shopper was faster. Closing it again changes nothing. Null where Stripe has no such page: test
 * data was deleted there, or our key is another account's.
 */
export async function expireCheckoutSession(sessionId: string): Promise<CheckoutSession | null> {
  const expired = await callStripe(async (stripe) => {
    try {
      return toCheckoutSession(await stripe.checkout.sessions.expire(sessionId, withPayment));
    } catch (error) {
      if (error instanceof Stripe.errors.StripeInvalidRequestError) return null;
      throw error;
    }
  });
  // Stripe refuses to expire what is no longer open: how it stands says the rest.
  return expired ?? readCheckoutSession(sessionId);
}
