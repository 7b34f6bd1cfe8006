import { env } from "@/lib/env";
import { SignatureError } from "./errors";
import { stripe } from "./stripe-client";
import { type StripeEventMessage, toEventMessage } from "./stripe-event-message";

/**
 * Reads a webhook's body, which must be exactly the bytes that came, after checking Stripe's signature over them (at
 * most 300 s old). Touches no table. https://docs.stripe.com/webhooks/signature
 *
 * @throws SignatureError for a missing, forged or old signature, an altered body, and a body that is no event.
 */
export function verifyStripeEvent(rawBody: string, signature: string | null): StripeEventMessage {
  if (!signature) throw new SignatureError();
  let payload: unknown;
  try {
    payload = stripe().webhooks.constructEvent(rawBody, signature, env().STRIPE_WEBHOOK_SECRET);
  } catch (error) {
    throw new SignatureError(error);
  }
  try {
    return toEventMessage(payload);
  } catch (error) {
    throw new SignatureError(error);
  }
}
