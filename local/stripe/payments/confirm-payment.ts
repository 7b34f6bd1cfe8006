import type Stripe from "stripe";
import type { Call } from "../call";
import { idOf } from "../ids";
import { ApiError, invalidRequest } from "../wire";
import { attemptPayment } from "./attempt-payment";
import { getPaymentMethod } from "./find-payment-method";
import { requireUsable } from "./keep-payment-method";

const confirmable = ["requires_payment_method", "requires_confirmation", "requires_action"];

/**
 * Confirms a PaymentIntent from the server.
 *
 * @throws ApiError 402 `card_error` when the card is declined (the failed charge stays), `payment_intent_unexpected_state`
 * when there is nothing to confirm or no payment method
 */
export function confirmPayment(
  call: Call,
  intent: Stripe.PaymentIntent,
  input: { paymentMethod?: string; returnUrl?: string; offSession?: boolean },
): Stripe.PaymentIntent {
  if (!confirmable.includes(intent.status)) {
    throw invalidRequest(
      `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be confirmed: ${confirmable.join(", ")}.`,
      { code: "payment_intent_unexpected_state", payment_intent: intent },
    );
  }
  const methodId = input.paymentMethod ?? idOf(intent.payment_method);
  if (!methodId) {
    throw invalidRequest(
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
      { code: "payment_intent_unexpected_state", payment_intent: intent },
    );
  }
  if (intent.automatic_payment_methods?.allow_redirects === "always" && input.returnUrl === undefined) {
    throw invalidRequest(
      "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
      { payment_intent: intent },
    );
  }
  const method = getPaymentMethod(call, methodId);
  requireUsable(call, intent, method);
  if (input.offSession && intent.setup_future_usage !== null) {
    throw invalidRequest("You cannot provide `setup_future_usage` with `off_session` set to `true`.", {
      param: "off_session",
    });
  }
  const attempt = attemptPayment(call, {
    intent,
    method,
    returnUrl: input.returnUrl ?? null,
    offSession: input.offSession ?? false,
  });
  if (attempt.outcome !== "declined") return attempt.intent;
  const { refusal, charge } = attempt;
  throw new ApiError(
    402,
    {
      type: "card_error",
      code: refusal.code,
      ...(refusal.declineCode ? { decline_code: refusal.declineCode } : {}),
      message: refusal.message,
      charge: charge.id,
      payment_intent: attempt.intent,
      payment_method: method,
    },
    { keepsEffects: true },
  );
}
