import Stripe from "stripe";
import { readCard } from "./read-card";
import { callStripe } from "./stripe-client";

/**
 * Has Stripe forget a card, for good; it may be forgotten already.
 *
 * It needs no idempotency key: a second time Stripe refuses, and a look says why. With one, an error of Stripe's own
 * would be repeated for a day.
 *
 * @throws TemporaryError when it is not known what happened: call it again.
 */
export async function detachCard(paymentMethodId: string): Promise<void> {
  await callStripe(async (stripe) => {
    try {
      await stripe.paymentMethods.detach(paymentMethodId);
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
      if ((await readCard(paymentMethodId)) !== null) throw error;
    }
  });
}
