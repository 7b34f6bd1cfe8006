import type Stripe from "stripe";
import { findPaymentOf } from "../billing/invoice-states";
import type { Call } from "../call";
import { idOf } from "../ids";
import { emitEvent } from "../webhooks/emit-event";
import { invalidRequest } from "../wire";
import { findSessionOf } from "./settle-session";

const cancellable = ["requires_payment_method", "requires_capture", "requires_confirmation", "requires_action"];

/**
 * Cancels a PaymentIntent and releases what was authorised; no Refund is made for that.
 *
 * @throws ApiError `payment_intent_unexpected_state` once it is paid or cancelled, and while the Checkout Session it
 * belongs to is open (https://docs.stripe.com/api/payment_intents/cancel: expire the session instead), or for an invoice
 */
export function cancelPayment(
  call: Call,
  intent: Stripe.PaymentIntent,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): Stripe.PaymentIntent {
  if (!cancellable.includes(intent.status)) {
    throw invalidRequest(
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: ${cancellable.join(", ")}.`,
      { code: "payment_intent_unexpected_state", payment_intent: intent },
    );
  }
  if (intent.status !== "requires_capture" && findSessionOf(call, intent.id)?.status === "open") {
    throw invalidRequest(
      "You cannot cancel PaymentIntents created by Checkout Sessions before they require capture. Expire the Checkout Session instead.",
      { code: "payment_intent_unexpected_state", payment_intent: intent },
    );
  }
  const invoiceId = idOf(findPaymentOf(call.store, intent.id)?.invoice);
  if (invoiceId !== null) {
    throw invalidRequest(
      `You cannot cancel this PaymentIntent because it was created by an invoice (${invoiceId}). Void the invoice instead.`,
      { code: "payment_intent_unexpected_state", payment_intent: intent },
    );
  }
  return markCancelled(call, intent, reason);
}

/** Cancels without asking whether it is allowed: for expiry of sessions and of authorisations. */
export function markCancelled(
  call: Call,
  intent: Stripe.PaymentIntent,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): Stripe.PaymentIntent {
  const cancelled: Stripe.PaymentIntent = {
    ...intent,
    amount_capturable: 0,
    canceled_at: call.now,
    cancellation_reason: reason,
    next_action: null,
    status: "canceled",
  };
  call.store.paymentIntents.put(intent.id, cancelled);
  const charge = call.store.charges.get(idOf(intent.latest_charge) ?? "");
  if (charge && intent.status === "requires_capture") {
    const released: Stripe.Charge = { ...charge, amount_refunded: charge.amount, refunded: true };
    call.store.charges.put(charge.id, released);
    emitEvent(
      call,
      reason === "automatic"
        ? { type: "charge.expired", object: released }
        : { type: "charge.refunded", object: released, previous: { amount_refunded: 0, refunded: false } },
    );
  }
  emitEvent(call, { type: "payment_intent.canceled", object: cancelled });
  return cancelled;
}
