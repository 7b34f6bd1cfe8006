import { sessionLifetimeMs } from "@/lib/payments/create-checkout-session";

/** Nine minutes longer than the payment page lives, for Stripe's message about the payment to arrive. */
const holdMs = 40 * 60_000;

/** When the payment page of a payment begun at this moment closes. */
export function sessionExpiresAt(paymentBegunAt: Date): Date {
  return new Date(paymentBegunAt.getTime() + sessionLifetimeMs);
}

/** When stock held for a payment begun at this moment may be taken back. */
export function holdExpiresAt(paymentBegunAt: Date): Date {
  return new Date(paymentBegunAt.getTime() + holdMs);
}

/** Payments begun before this have had their time. */
export function holdsEndedBefore(now: Date): Date {
  return new Date(now.getTime() - holdMs);
}
