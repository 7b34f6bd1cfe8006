import type Stripe from "stripe";
import type { Call } from "../call";
import { idOf } from "../ids";
import { emitEvent } from "../webhooks/emit-event";
import { invalidRequest } from "../wire";
import { bookCharge } from "./balance";
import { disputeIfCardDoes } from "./open-dispute";
import { settleSession } from "./settle-session";

/** Takes the money of an authorised charge and books it. What is not captured is released for good. */
export function captureCharge(call: Call, charge: Stripe.Charge, amount: number): Stripe.Charge {
  const captured: Stripe.Charge = {
    ...charge,
    amount_captured: amount,
    amount_refunded: charge.amount - amount,
    balance_transaction: bookCharge(call, charge, amount).id,
    captured: true,
  };
  call.store.charges.put(charge.id, captured);
  return captured;
}

/**
 * Captures an authorised PaymentIntent, whole or in part, once.
 *
 * @throws ApiError `payment_intent_unexpected_state` unless it is `requires_capture`; `amount_too_large` beyond what was authorised.
 */
export function capturePayment(
  call: Call,
  intent: Stripe.PaymentIntent,
  input: { amount: number | undefined; metadata: Stripe.Metadata },
): Stripe.PaymentIntent {
  if (intent.status !== "requires_capture") {
    throw invalidRequest(
      `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
      { code: "payment_intent_unexpected_state", payment_intent: intent },
    );
  }
  const amount = input.amount ?? intent.amount_capturable;
  if (amount > intent.amount_capturable) {
    throw invalidRequest(
      `The amount to capture (${amount}) is greater than the amount that can be captured (${intent.amount_capturable}).`,
      { code: "amount_too_large", param: "amount_to_capture", payment_intent: intent },
    );
  }
  const charge = call.store.charges.get(idOf(intent.latest_charge) ?? "");
  if (!charge) throw new Error(`${intent.id} is requires_capture but has no charge.`);
  const captured = captureCharge(call, charge, amount);
  const paid: Stripe.PaymentIntent = {
    ...intent,
    amount_capturable: 0,
    amount_received: amount,
    metadata: input.metadata,
    status: "succeeded",
  };
  call.store.paymentIntents.put(intent.id, paid);
  settleSession(call, paid);
  emitEvent(call, { type: "charge.captured", object: captured });
  emitEvent(call, { type: "payment_intent.succeeded", object: paid });
  disputeIfCardDoes(call, captured);
  return paid;
}
