import Stripe from "stripe";
import { effect } from "@/lib/crash-point";
import { env } from "@/lib/env";
import { translateStripeError } from "./stripe-errors";

let client: Stripe | undefined;

function open(): Stripe {
  const { STRIPE_SECRET_KEY, STRIPE_API_URL } = env();
  const shared = { maxNetworkRetries: 2, timeout: 20_000, telemetry: false };
  if (!STRIPE_API_URL) return new Stripe(STRIPE_SECRET_KEY, shared);
  const { hostname, port, protocol } = new URL(STRIPE_API_URL);
  return new Stripe(STRIPE_SECRET_KEY, {
    ...shared,
    host: hostname,
    port: port || (protocol === "http:" ? 80 : 443),
    protocol: protocol === "http:" ? "http" : "https",
  });
}

/** The one client of this process, opened at first use. Its errors are Stripe's own: prefer `callStripe`. */
export function stripe(): Stripe {
  client ??= open();
  return client;
}

/**
 * One conversation with Stripe, its errors in our words. A call that changes something names its idempotency key, made
 * from a row of ours; lost connections and 5xx are tried again twice under the same key by Stripe's own client.
 *
 * @throws PaymentDeclinedError, PaymentMisconfiguredError, TemporaryError (StripeServerError among them)
 */
export async function callStripe<T>(work: (client: Stripe) => Promise<T>): Promise<T> {
  try {
    return await effect("stripe", () => work(stripe()));
  } catch (error) {
    throw translateStripeError(error);
  }
}
