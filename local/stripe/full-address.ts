import type Stripe from "stripe";

/** Stripe's full address from the parts given. */
export function fullAddress(given: { [Part in keyof Stripe.Address]?: Stripe.Address[Part] } = {}): Stripe.Address {
  return { city: null, country: null, line1: null, line2: null, postal_code: null, state: null, ...given };
}
