import Stripe from "stripe";
import { expect, test } from "vitest";
import { TemporaryError } from "@/lib/errors";
import { PaymentDeclinedError, PaymentMisconfiguredError, StripeServerError } from "@/lib/payments/errors";
import { translateStripeError } from "@/lib/payments/stripe-errors";

const { errors } = Stripe;

test("a declined card is declined, with the bank's words for the shopper", () => {
  const translated = translateStripeError(
    new errors.StripeCardError({ message: "Your card was declined.", type: "card_error", statusCode: 402 }),
  );

  expect(translated).toBeInstanceOf(PaymentDeclinedError);
  expect(translated).toMatchObject({ code: "payment-declined", publicMessage: "Your card was declined." });
});

test.each([
  ["a lost connection", new errors.StripeConnectionError({ message: "closed", type: "api_error" })],
  [
    "a key in use",
    new errors.StripeIdempotencyError({ message: "in use", type: "idempotency_error", statusCode: 409 }),
  ],
])("%s may pass", (_, error) => {
  const translated = translateStripeError(error);

  expect(translated).toBeInstanceOf(TemporaryError);
  expect(translated).not.toBeInstanceOf(StripeServerError);
});

test("a rate limit may pass, after as long as Stripe says", () => {
  const error = new errors.StripeRateLimitError({
    message: "slow down",
    type: "rate_limit_error",
    statusCode: 429,
    headers: { "retry-after": "3" },
  });

  expect(translateStripeError(error)).toMatchObject({ name: "TemporaryError", vendor: "stripe", retryAfterMs: 3000 });
});

test("Stripe's own failure is told apart, because Stripe repeats it under the same key", () => {
  const error = new errors.StripeAPIError({ message: "oops", type: "api_error", statusCode: 500 });

  expect(translateStripeError(error)).toBeInstanceOf(StripeServerError);
});

test.each([
  [
    "a wrong key",
    new errors.StripeAuthenticationError({
      message: "Invalid API Key",
      type: "invalid_request_error",
      statusCode: 401,
    }),
  ],
  [
    "a wrong parameter",
    new errors.StripeInvalidRequestError({ message: "No such thing", type: "invalid_request_error", statusCode: 400 }),
  ],
])("%s needs a person, and shoppers do not see Stripe's words", (_, error) => {
  const translated = translateStripeError(error);

  expect(translated).toBeInstanceOf(PaymentMisconfiguredError);
  expect((translated as PaymentMisconfiguredError).publicMessage).toContain("You have not been charged");
});

test("what is not Stripe's stays what it is", () => {
  const bug = new TypeError("x is not a function");

  expect(translateStripeError(bug)).toBe(bug);
});
