import type Stripe from "stripe";
import { callStripe } from "./stripe-client";
import { isMissing } from "./stripe-errors";

/** What the store may know of a card that Stripe keeps for a customer. */
export type CardAtStripe = {
  paymentMethodId: string;
  stripeCustomerId: string;
  /** Stripe's word, such as `visa`. */
  brand: string;
  last4: string;
  expMonth: number;
  expYear: number;
};

/** Null for what is no card, or belongs to no customer (any more): it cannot be used again. */
export function toCardAtStripe(method: Stripe.PaymentMethod): CardAtStripe | null {
  const { id, card, customer } = method;
  if (!card || !customer) return null;
  return {
    paymentMethodId: id,
    stripeCustomerId: typeof customer === "string" ? customer : customer.id,
    brand: card.brand,
    last4: card.last4,
    expMonth: card.exp_month,
    expYear: card.exp_year,
  };
}

/** Asks Stripe how the card stands now; null where it is gone or belongs to nobody. */
export function readCard(paymentMethodId: string): Promise<CardAtStripe | null> {
  return callStripe(async (stripe) => {
    try {
      return toCardAtStripe(await stripe.paymentMethods.retrieve(paymentMethodId));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  });
}
