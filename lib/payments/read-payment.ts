import type Stripe from "stripe";
import { type Money, money } from "@/lib/money/money";
import { callStripe } from "./stripe-client";

/**
 * How a payment stands at Stripe, which alone decides: `authorized` waits to be captured, `captured` was charged,
 * `voided` can never be charged, `unfinished` is still being worked on by the shopper or the bank.
 */
export type PaymentAtStripe = {
  paymentIntentId: string;
  state: "authorized" | "captured" | "voided" | "unfinished";
  /** What can be captured, or was; of an unfinished or voided one, what was asked for. */
  amount: Money;
};

/** https://docs.stripe.com/payments/paymentintents/lifecycle */
export function toPaymentAtStripe(intent: Stripe.PaymentIntent): PaymentAtStripe {
  const of = (state: PaymentAtStripe["state"], amount: number) => ({
    paymentIntentId: intent.id,
    state,
    amount: money(amount, intent.currency.toUpperCase()),
  });
  switch (intent.status) {
    case "requires_capture":
      return of("authorized", intent.amount_capturable);
    case "succeeded":
      return of("captured", intent.amount_received);
    case "canceled":
      return of("voided", intent.amount);
    default:
      return of("unfinished", intent.amount);
  }
}

/** Asks Stripe how the payment stands now. */
export function readPayment(paymentIntentId: string): Promise<PaymentAtStripe> {
  return callStripe(async (stripe) => toPaymentAtStripe(await stripe.paymentIntents.retrieve(paymentIntentId)));
}
