import { sessionLifetimeMs } from "@/lib/payments/create-checkout-session";

/** Nine minutes longer than the payment page lives, for Stripe's message about the payment to arrive. */
const holdMs = 40 * 60_000;
const dayMs = 24 * 60 * 60_000;

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

/**
 * When an order ends whose page Stripe does not know. A wrong key looks the same as deleted test data, and orders that
 * were paid must still be there when it is mended.
 */
export function unknownPageEndsAt(paymentBegunAt: Date): Date {
  return new Date(paymentBegunAt.getTime() + dayMs);
}
