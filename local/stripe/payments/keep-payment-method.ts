import type Stripe from "stripe";
import type { Call } from "../call";
import { idOf } from "../ids";
import { emitEvent } from "../webhooks/emit-event";
import { invalidRequest } from "../wire";

/**
 * What `setup_future_usage` does once the payment is confirmed: the method belongs to the payment's customer, and for
 * `off_session` its bank has been told that it will be charged without the cardholder.
 * https://docs.stripe.com/payments/save-during-payment
 */
export function attachIfAsked(call: Call, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod): void {
  if (intent.setup_future_usage === "off_session") call.store.setUpMethods.put(method.id, true);
  const customer = idOf(intent.customer);
  if (intent.setup_future_usage === null || customer === null || method.customer !== null) {
    if (method.customer === null) call.store.spentMethods.put(method.id, true);
    return;
  }
  attachMethod(call, method, customer);
}

/** Makes the method the customer's own, so that it can be used again. */
export function attachMethod(call: Call, method: Stripe.PaymentMethod, customer: string): Stripe.PaymentMethod {
  if (call.store.spentMethods.get(method.id)) throw spent();
  const attached: Stripe.PaymentMethod = { ...method, customer };
  call.store.paymentMethods.put(method.id, attached);
  emitEvent(call, { type: "payment_method.attached", object: attached });
  return attached;
}

/** @throws ApiError for a method of another customer, or one that was used or detached and may not be used again */
export function requireUsable(
  call: Call,
  intent: Pick<Stripe.PaymentIntent, "customer">,
  method: Stripe.PaymentMethod,
): void {
  if (call.store.spentMethods.get(method.id)) throw spent();
  const owner = idOf(method.customer);
  if (owner !== null && owner !== idOf(intent.customer))
    throw invalidRequest(
      `The customer does not have a payment method with the ID ${method.id}. The payment method must be attached to the customer.`,
      { param: "payment_method" },
    );
}

function spent() {
  return invalidRequest(
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.",
    { param: "payment_method" },
  );
}
