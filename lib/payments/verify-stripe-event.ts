import { z } from "zod";
import { env } from "@/lib/env";
import { SignatureError } from "./errors";
import { stripe } from "./stripe-client";

/** What we keep of an event: what it is about. What it says is read again from Stripe when it is handled. */
const Event = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  created: z.int(),
  data: z.object({ object: z.looseObject({ id: z.string().optional() }) }),
});

export type StripeEventMessage = {
  id: string;
  type: string;
  objectId: string | null;
  createdAt: Date;
  /** The body as it came, parsed. */
  payload: unknown;
};

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
  const event = Event.safeParse(payload);
  if (!event.success) throw new SignatureError(event.error);
  const { id, type, created, data } = event.data;
  return { id, type, objectId: data.object.id ?? null, createdAt: new Date(created * 1000), payload };
}
