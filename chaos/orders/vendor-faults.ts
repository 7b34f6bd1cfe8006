import { Random } from "../random";

type Vendor = "stripe" | "carrier" | "resend";
export type PlannedFault = { afterSteps: number; atMostMs: number; vendor: Vendor; body: Record<string, unknown> };

const vendors: Record<Vendor, number> = { stripe: 70, carrier: 15, resend: 15 };

/** Done and not answered, or answered by a 500 that Stripe repeats, is what costs others money: it comes most often. */
const stripeKinds = {
  drop_after: 28,
  error_after: 22,
  conflict: 14,
  error_before: 12,
  drop_before: 10,
  rate_limit: 7,
  delay: 7,
};

const stripeCalls = {
  "POST /v1/checkout/sessions": 25,
  "POST /v1/payment_intents/*/capture": 30,
  "POST /v1/payment_intents/*/cancel": 8,
  "POST /v1/refunds": 12,
  "POST /v1/checkout/sessions/*/expire": 5,
  "GET /v1/checkout/sessions/*": 10,
  "GET /v1/payment_intents/*": 10,
};

const carrierKinds = { error: 20, down: 20, "rate-limit": 15, "drop-before": 10, "drop-after": 20, delay: 15 };
const resendKinds = { error: 25, "rate-limit": 20, "drop-before": 15, "drop-after": 25, delay: 15 };

/** One seed is one plan of what goes wrong at the vendors', counted in progress. */
export function planFaults(seed: number, count: number, stepsMax: number): PlannedFault[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const vendor = random.weighted(vendors);
    const afterSteps = random.between(0, stepsMax);
    const times = random.between(1, 3);
    const delayMs = random.between(500, 4_000);
    const fault = { afterSteps, atMostMs: 20_000, vendor };
    if (vendor !== "stripe") {
      const kind = random.weighted<string>(vendor === "carrier" ? carrierKinds : resendKinds);
      return { ...fault, body: { kind, count: times, delayMs } };
    }
    const [method, path] = random.weighted(stripeCalls).split(" ");
    const kind = random.weighted(stripeKinds);
    const body = { method, path, kind, times, delayMs, ...(kind === "rate_limit" && { retryAfterSeconds: 1 }) };
    return { ...fault, body };
  });
}
