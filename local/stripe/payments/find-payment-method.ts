import type Stripe from "stripe";
import type { Call } from "../call";
import { testCards } from "../cards";
import { noSuch } from "../wire";
import { createCardPaymentMethod } from "./card-payment-method";

/** A payment method by its id. One of Stripe's ready-made ids, like `pm_card_visa`, makes a fresh one, as it does there. */
export function getPaymentMethod(call: Call, id: string): Stripe.PaymentMethod {
  const stored = call.store.paymentMethods.get(id);
  if (stored) return stored;
  const card = testCards.find(({ tokens }) => tokens.includes(id));
  if (!card) throw noSuch("PaymentMethod", id, { param: "payment_method", status: 400 });
  const expYear = new Date(call.now * 1000).getUTCFullYear() + 1;
  return createCardPaymentMethod(call, { number: card.number, expMonth: 8, expYear });
}
