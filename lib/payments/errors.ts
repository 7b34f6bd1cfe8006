import { DomainError, TemporaryError } from "@/lib/errors";

/**
 * The bank or Stripe said no to this payment as it is. Trying the same again gives the same answer. Whether the shopper can
 * do something about it, only a saved card's charge has to know: see `BankAnswer`.
 */
export class PaymentDeclinedError extends DomainError {
  constructor(options: { publicMessage: string; message: string; cause?: unknown }) {
    super({ code: "payment-declined", kind: "conflict", ...options });
  }
}

/** Stripe refuses our key or does not understand our request: a person has to mend the settings or the code. */
export class PaymentMisconfiguredError extends DomainError {
  constructor(options: { message: string; cause?: unknown }) {
    super({
      code: "payment-misconfigured",
      kind: "conflict",
      publicMessage: "We cannot take payments just now. You have not been charged. Please try again later.",
      ...options,
    });
  }
}

/**
 * Stripe answered with an error of its own. It keeps that answer under the idempotency key and repeats it for a day, so
 * a new try must first look what happened and then use a new key (https://docs.stripe.com/api/idempotent_requests).
 */
export class StripeServerError extends TemporaryError {
  constructor(options: { message: string; cause?: unknown }) {
    super({ vendor: "stripe", ...options });
  }
}

/** The body was not signed with our webhook secret, was altered, is too old, or is not an event. */
export class SignatureError extends DomainError {
  constructor(cause?: unknown) {
    super({
      code: "bad-signature",
      kind: "invalid",
      publicMessage: "This request is not signed by Stripe with the secret of this endpoint. Nothing was done with it.",
      cause,
    });
  }
}
