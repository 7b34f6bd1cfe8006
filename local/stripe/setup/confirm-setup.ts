import type Stripe from "stripe";
import type { Call } from "../call";
import { behaviourOf, type CardBehaviour, genericDecline } from "../cards";
import { idOf } from "../ids";
import { getPaymentMethod } from "../payments/find-payment-method";
import { attachMethod, requireUsable } from "../payments/keep-payment-method";
import { emitEvent } from "../webhooks/emit-event";
import { ApiError, invalidRequest } from "../wire";

const confirmable = ["requires_payment_method", "requires_confirmation", "requires_action"];

type Decline = Extract<CardBehaviour, { kind: "declined" }>;

/**
 * Asks the bank whether the card may be kept.
 *
 * @throws ApiError 402 `card_error` when it may not (the intent stays, with the error), `setup_intent_unexpected_state`
 * when there is nothing to confirm or no card
 */
export function confirmSetup(
  call: Call,
  intent: Stripe.SetupIntent,
  input: { paymentMethod: string | undefined; returnUrl: string | undefined },
): Stripe.SetupIntent {
  const methodId = input.paymentMethod ?? idOf(intent.payment_method);
  if (!confirmable.includes(intent.status) || !methodId) {
    throw invalidRequest(
      methodId
        ? `You cannot confirm this SetupIntent because it has a status of ${intent.status}. Only a SetupIntent with one of the following statuses may be confirmed: ${confirmable.join(", ")}.`
        : "You cannot confirm this SetupIntent because it's missing a payment method. Update the SetupIntent with a payment method and then confirm it again.",
      { code: "setup_intent_unexpected_state" },
    );
  }
  const method = getPaymentMethod(call, methodId);
  requireUsable(call, intent, method);
  const behaviour = behaviourOf(call.store.cardNumbers.get(method.id) ?? "");
  if (behaviour.kind === "challenge") return askForChallenge(call, intent, method, input.returnUrl ?? null);
  if (behaviour.kind === "accepted" || behaviour.onlyCharges) return keep(call, intent, method);
  const failed = fail(call, intent, method, behaviour);
  throw new ApiError(
    402,
    {
      type: "card_error",
      code: behaviour.code,
      ...(behaviour.declineCode ? { decline_code: behaviour.declineCode } : {}),
      message: behaviour.message,
      payment_method: method,
      setup_intent: failed,
    },
    { keepsEffects: true },
  );
}

/** The holder answered the bank's page. */
export function answerSetup(call: Call, intent: Stripe.SetupIntent, passed: boolean): Stripe.SetupIntent {
  const method = getPaymentMethod(call, idOf(intent.payment_method) ?? "");
  const behaviour = behaviourOf(call.store.cardNumbers.get(method.id) ?? "");
  const accepts = behaviour.kind === "challenge" && behaviour.afterwards === "accepted";
  if (passed && accepts) return keep(call, intent, method);
  return fail(call, intent, method, passed ? genericDecline : notAuthenticated);
}

const notAuthenticated: Decline = {
  kind: "declined",
  code: "setup_intent_authentication_failure",
  declineCode: null,
  message: "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
};

function keep(call: Call, intent: Stripe.SetupIntent, method: Stripe.PaymentMethod): Stripe.SetupIntent {
  const customer = idOf(intent.customer);
  if (intent.usage === "off_session") call.store.setUpMethods.put(method.id, true);
  if (customer !== null && method.customer === null) attachMethod(call, method, customer);
  return become(call, "setup_intent.succeeded", intent, {
    last_setup_error: null,
    next_action: null,
    payment_method: method.id,
    status: "succeeded",
  });
}

function askForChallenge(
  call: Call,
  intent: Stripe.SetupIntent,
  method: Stripe.PaymentMethod,
  returnUrl: string | null,
): Stripe.SetupIntent {
  const url = `${call.publicUrl}/c/challenge/${intent.id}`;
  return become(call, "setup_intent.requires_action", intent, {
    last_setup_error: null,
    next_action: { redirect_to_url: { return_url: returnUrl, url }, type: "redirect_to_url" },
    payment_method: method.id,
    status: "requires_action",
  });
}

function fail(
  call: Call,
  intent: Stripe.SetupIntent,
  method: Stripe.PaymentMethod,
  { code, declineCode, message }: Decline,
): Stripe.SetupIntent {
  return become(call, "setup_intent.setup_failed", intent, {
    last_setup_error: {
      code: code as Stripe.SetupIntent.LastSetupError.Code,
      ...(declineCode ? { decline_code: declineCode } : {}),
      doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}`,
      message,
      payment_method: method,
      type: declineCode ? "card_error" : "invalid_request_error",
    },
    next_action: null,
    payment_method: null,
    status: "requires_payment_method",
  });
}

function become(
  call: Call,
  type: "setup_intent.requires_action" | "setup_intent.setup_failed" | "setup_intent.succeeded",
  intent: Stripe.SetupIntent,
  changes: Partial<Stripe.SetupIntent>,
): Stripe.SetupIntent {
  const object: Stripe.SetupIntent = { ...intent, ...changes };
  call.store.setupIntents.put(object.id, object);
  emitEvent(call, { type, object });
  return object;
}
