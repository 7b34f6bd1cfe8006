import type Stripe from "stripe";
import { followPayment } from "../billing/follow-payment";
import type { Call } from "../call";
import { authenticationRequired, behaviourOf, genericDecline } from "../cards";
import { emitEvent } from "../webhooks/emit-event";
import { captureCharge } from "./capture-payment";
import { createCharge, type Refusal } from "./create-charge";
import { attachIfAsked } from "./keep-payment-method";
import { disputeIfCardDoes } from "./open-dispute";

export type PaymentAttempt =
  | { outcome: "paid" | "authorised"; intent: Stripe.PaymentIntent }
  | { outcome: "challenge"; intent: Stripe.PaymentIntent }
  | { outcome: "declined"; intent: Stripe.PaymentIntent; charge: Stripe.Charge; refusal: Refusal };

type AttemptInput = {
  intent: Stripe.PaymentIntent;
  method: Stripe.PaymentMethod;
  /** The shopper has just passed the 3D Secure challenge. */
  authenticated?: boolean;
  returnUrl?: string | null;
  /** The cardholder is not there to be asked. */
  offSession?: boolean;
};

/**
 * Charges the card of a PaymentIntent, or asks for a challenge first. Every state it reaches is stored and has its events.
 * An invoice that it pays follows.
 */
export function attemptPayment(call: Call, input: AttemptInput): PaymentAttempt {
  const attempt = tryCard(call, input);
  followPayment(call, attempt.intent, attempt.outcome);
  return attempt;
}

function tryCard(call: Call, input: AttemptInput): PaymentAttempt {
  const authenticated = input.authenticated ?? false;
  const behaviour = behaviourOf(call.store.cardNumbers.get(input.method.id) ?? "");
  const intent: Stripe.PaymentIntent = { ...input.intent, payment_method: input.method.id, last_payment_error: null };

  if (behaviour.kind === "challenge" && input.offSession) {
    if (behaviour.offSession === "never" || !call.store.setUpMethods.get(input.method.id))
      return decline(call, { ...input, intent, authenticated }, authenticationRequired);
  } else if (behaviour.kind === "challenge" && !authenticated) {
    return askForChallenge(call, intent, input.returnUrl ?? null);
  }
  if (behaviour.kind === "declined") return decline(call, { ...input, intent, authenticated }, behaviour);
  if (behaviour.kind === "challenge" && behaviour.afterwards === "declined") {
    return decline(call, { ...input, intent, authenticated }, genericDecline);
  }

  const charge = createCharge(call, { intent, method: input.method, refusal: null, authenticated });
  attachIfAsked(call, intent, input.method);
  if (intent.capture_method === "manual") {
    const authorised: Stripe.PaymentIntent = {
      ...intent,
      amount_capturable: intent.amount,
      latest_charge: charge.id,
      next_action: null,
      status: "requires_capture",
    };
    call.store.paymentIntents.put(intent.id, authorised);
    emitEvent(call, { type: "charge.succeeded", object: charge });
    emitEvent(call, { type: "payment_intent.amount_capturable_updated", object: authorised });
    return { outcome: "authorised", intent: authorised };
  }

  const captured = captureCharge(call, charge, intent.amount);
  const paid: Stripe.PaymentIntent = {
    ...intent,
    amount_received: intent.amount,
    latest_charge: captured.id,
    next_action: null,
    status: "succeeded",
  };
  call.store.paymentIntents.put(intent.id, paid);
  emitEvent(call, { type: "charge.succeeded", object: captured });
  emitEvent(call, { type: "payment_intent.succeeded", object: paid });
  disputeIfCardDoes(call, captured);
  return { outcome: "paid", intent: paid };
}

/** The shopper failed or left the 3D Secure challenge: no charge was made, another try is possible. */
export function failChallenge(
  call: Call,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
): Stripe.PaymentIntent {
  const failed: Stripe.PaymentIntent = {
    ...intent,
    last_payment_error: {
      code: "payment_intent_authentication_failure",
      doc_url: "https://stripe.com/docs/error-codes/payment-intent-authentication-failure",
      message:
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
      payment_method: method,
      type: "invalid_request_error",
    },
    next_action: null,
    payment_method: null,
    status: "requires_payment_method",
  };
  call.store.paymentIntents.put(intent.id, failed);
  emitEvent(call, { type: "payment_intent.payment_failed", object: failed });
  followPayment(call, failed, "declined");
  return failed;
}

function askForChallenge(call: Call, intent: Stripe.PaymentIntent, returnUrl: string | null): PaymentAttempt {
  const url = `${call.publicUrl}/c/challenge/${intent.id}`;
  const waiting: Stripe.PaymentIntent = {
    ...intent,
    next_action: { redirect_to_url: { return_url: returnUrl, url }, type: "redirect_to_url" },
    status: "requires_action",
  };
  call.store.paymentIntents.put(intent.id, waiting);
  emitEvent(call, { type: "payment_intent.requires_action", object: waiting });
  return { outcome: "challenge", intent: waiting };
}

function decline(call: Call, input: AttemptInput & { authenticated: boolean }, refusal: Refusal): PaymentAttempt {
  const { intent, method, authenticated } = input;
  const charge = createCharge(call, { intent, method, refusal, authenticated });
  const failed: Stripe.PaymentIntent = {
    ...intent,
    last_payment_error: {
      charge: charge.id,
      code: refusal.code,
      ...(refusal.declineCode ? { decline_code: refusal.declineCode } : {}),
      doc_url: `https://stripe.com/docs/error-codes/${refusal.code.replaceAll("_", "-")}`,
      message: refusal.message,
      payment_method: method,
      type: "card_error",
    },
    latest_charge: charge.id,
    next_action: null,
    payment_method: null,
    status: "requires_payment_method",
  };
  call.store.paymentIntents.put(intent.id, failed);
  emitEvent(call, { type: "charge.failed", object: charge });
  emitEvent(call, { type: "payment_intent.payment_failed", object: failed });
  return { outcome: "declined", intent: failed, charge, refusal };
}
