import type { PaymentId } from "@/lib/ids";

/**
 * The key of one step of one payment: the same however often the step is sent, so that it happens once.
 *
 * `attempt` goes up only after Stripe answered with a 5xx, which it would otherwise repeat for a day, and only after
 * looking what became of the step.
 */
export function idempotencyKey(paymentId: PaymentId, step: "session" | "capture" | "cancel", attempt = 1): string {
  return attempt === 1 ? `${paymentId}:${step}` : `${paymentId}:${step}:${attempt}`;
}
