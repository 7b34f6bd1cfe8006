import type Stripe from "stripe";

/** Ada with her card, and a refill at 15.00 EUR a month. */
export async function refill(stripe: Stripe, card = "pm_card_visa", changes: Partial<Stripe.PriceCreateParams> = {}) {
  const customer = await stripe.customers.create({
    email: "ada@example.com",
    payment_method: card,
    invoice_settings: { default_payment_method: card },
  });
  const price = await stripe.prices.create({
    currency: "eur",
    unit_amount: 1500,
    recurring: { interval: "month" },
    product_data: { name: "Sandpaper" },
    ...changes,
  });
  return { customer, price };
}

/** Ada's subscription to it. */
export async function subscribe(
  stripe: Stripe,
  changes: Partial<Stripe.SubscriptionCreateParams> & { card?: string } = {},
): Promise<Stripe.Subscription> {
  const { card, ...params } = changes;
  const { customer, price } = await refill(stripe, card);
  return stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], ...params });
}
