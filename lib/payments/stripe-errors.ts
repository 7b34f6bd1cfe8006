import Stripe from "stripe";
import { type DomainError, TemporaryError } from "@/lib/errors";
import { findFailure, isFinal, retryAfterMs } from "@/lib/vendor-failures";
import { PaymentDeclinedError, PaymentMisconfiguredError, StripeServerError } from "./errors";

/**
 * Stripe's errors in our words: declined (stop and undo), temporary (try again), misconfigured (a person must act). What
 * each of them means stands in `lib/vendor-failures.ts`. What is not an error of Stripe's comes back as it is: it is a bug
 * of ours.
 */
export function translateStripeError(error: unknown): DomainError | TemporaryError | unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const message = `Stripe: ${error.message} (${[error.type, error.code, error.requestId].filter(Boolean).join(", ")})`;
  const { kind, reaction } = findFailure("stripe", { status: error.statusCode, code: error.code });
  if (kind === "declined" || reaction === "ask")
    return new PaymentDeclinedError({ publicMessage: error.message, message, cause: error });
  if (kind === "failing") return new StripeServerError({ message, cause: error });
  if (isFinal(reaction)) return new PaymentMisconfiguredError({ message, cause: error });
  const told = retryAfterMs(error.headers?.["retry-after"]);
  return new TemporaryError({ vendor: "stripe", message, pace: reaction, retryAfterMs: told, cause: error });
}

/** True where Stripe says that the object is not in the state that the call needs: look at it, then decide. */
export function isUnexpectedState(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeError && error.code === "payment_intent_unexpected_state";
}

const refundRefusals = ["charge_already_refunded", "charge_disputed", "balance_insufficient"];

/**
 * Why Stripe will not refund a payment: given back already, contested, more than is left of it. Undefined for everything
 * else, such as a wrong key, which says nothing about the refund.
 */
export function refundRefusalOf(error: unknown): string | undefined {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError) || error.statusCode !== 400) return undefined;
  const isRefusal = refundRefusals.includes(error.code ?? "") || error.param === "amount";
  return isRefusal ? error.message : undefined;
}

/** True where Stripe has no such object. */
export function isMissing(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeError && error.statusCode === 404;
}
