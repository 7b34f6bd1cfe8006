import type { PaymentId, RefundId, UserId } from "@/lib/ids";

type Step =
  | { of: PaymentId; step: "session" | "authorize" | "capture" | "cancel" }
  | { of: RefundId; step: "refund" }
  | { of: UserId; step: "customer" };

/**
 * The key of one step of one payment, refund or shopper: the same however often the step is sent, so that it happens once.
 *
 * `attempt` goes up only after Stripe answered with a 5xx, which it would otherwise repeat for a day, and only after
 * looking what became of the step.
 */
export function idempotencyKey<Of extends Step["of"]>(
  of: Of,
  step: Extract<Step, { of: Of }>["step"],
  attempt = 1,
): string {
  return attempt === 1 ? `${of}:${step}` : `${of}:${step}:${attempt}`;
}
