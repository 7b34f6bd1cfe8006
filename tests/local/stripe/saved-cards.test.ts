import type Stripe from "stripe";
import { expect, test } from "vitest";
import { type LocalStripe, startLocalStripe } from "./local-stripe";

const form = { email: "ada@example.com", expiry: "12 / 34", cvc: "123", name: "Ada Lovelace", country: "GB" };
const offSession = {
  amount: 2000,
  currency: "eur",
  capture_method: "manual",
  allowed_payment_method_types: ["card"],
  confirm: true,
  off_session: true,
} satisfies Stripe.PaymentIntentCreateParams;

/** A customer who paid on Stripe's page and let the card be kept. */
async function keep({ stripe }: LocalStripe, number: string) {
  const customer = await stripe.customers.create({ email: form.email });
  const session = await stripe.checkout.sessions.create({
    mode: "payment",
    customer: customer.id,
    line_items: [
      { quantity: 1, price_data: { currency: "eur", unit_amount: 1999, product_data: { name: "Blue mug" } } },
    ],
    payment_intent_data: { capture_method: "manual", setup_future_usage: "off_session" },
    success_url: "http://127.0.0.1:1/paid",
  });
  const url = session.url ?? "";
  const page = await (await fetch(url)).text();
  const answer = await fetch(url, {
    method: "POST",
    body: new URLSearchParams({ ...form, number }),
    redirect: "manual",
  });
  const challenge = answer.headers.get("location") ?? "";
  if (challenge.includes("/c/challenge/"))
    await fetch(new URL(challenge, url), {
      method: "POST",
      body: new URLSearchParams({ answer: "complete" }),
      redirect: "manual",
    });
  const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(session.id, {
    expand: ["payment_intent.payment_method"],
  });
  const method = (intent as Stripe.PaymentIntent).payment_method as Stripe.PaymentMethod;
  return { customer, method, page };
}

test("a card that the shopper lets the store keep belongs to the customer and can be charged without them", async () => {
  const local = await startLocalStripe();

  const { customer, method, page } = await keep(local, "4242424242424242");

  expect(page).toContain("you let the store keep this card");
  expect(method).toMatchObject({ customer: customer.id, card: { brand: "visa", last4: "4242", exp_year: 2034 } });
  expect((await local.stripe.paymentMethods.list({ customer: customer.id })).data).toHaveLength(1);
  const charged = await local.stripe.paymentIntents.create({
    ...offSession,
    customer: customer.id,
    payment_method: method.id,
  });
  expect(charged).toMatchObject({ status: "requires_capture", customer: customer.id });
});

test("a card that asks for 3D Secure is charged without its holder once it was set up for that", async () => {
  const local = await startLocalStripe();
  const { customer, method } = await keep(local, "4000002500003155");

  const charged = await local.stripe.paymentIntents.create({
    ...offSession,
    customer: customer.id,
    payment_method: method.id,
  });

  expect(charged.status).toBe("requires_capture");
});

test("one that was only attached, and one that asks each time, are refused with what Stripe documents", async () => {
  const local = await startLocalStripe();
  const { stripe } = local;
  const each = await keep(local, "4000002760003184");
  const attached = await stripe.paymentMethods.attach("pm_card_authenticationRequiredOnSetup", {
    customer: each.customer.id,
  });

  for (const method of [each.method, attached])
    await expect(
      stripe.paymentIntents.create({ ...offSession, customer: each.customer.id, payment_method: method.id }),
    ).rejects.toMatchObject({
      type: "StripeCardError",
      statusCode: 402,
      code: "authentication_required",
      payment_intent: {
        status: "requires_payment_method",
        last_payment_error: { code: "authentication_required", payment_method: { id: method.id } },
      },
    });
});

test("a card that can be kept and not charged is attached, then declined", async () => {
  const { stripe } = await startLocalStripe();
  const customer = await stripe.customers.create({});

  const method = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer: customer.id });

  await expect(
    stripe.paymentIntents.create({ ...offSession, customer: customer.id, payment_method: method.id }),
  ).rejects.toMatchObject({ statusCode: 402, code: "card_declined", decline_code: "generic_decline" });
});

test("what was detached, belongs to somebody else or was used without a customer cannot be charged", async () => {
  const local = await startLocalStripe();
  const { stripe } = local;
  const kept = await keep(local, "4242424242424242");
  const other = await stripe.customers.create({});
  const guest = await stripe.paymentMethods.create({ type: "card", card: { token: "tok_visa" } });
  const pay = (customer: string | undefined, method: string) =>
    stripe.paymentIntents.create({ ...offSession, customer, payment_method: method });
  await pay(undefined, guest.id);

  await expect(pay(other.id, kept.method.id)).rejects.toMatchObject({ statusCode: 400, param: "payment_method" });
  await expect(pay(undefined, guest.id)).rejects.toThrow("may not be used again");
  await stripe.paymentMethods.detach(kept.method.id);
  await expect(pay(kept.customer.id, kept.method.id)).rejects.toThrow("may not be used again");
  await expect(stripe.paymentMethods.attach(kept.method.id, { customer: other.id })).rejects.toThrow(
    "may not be used again",
  );
  expect((await stripe.paymentMethods.list({ customer: kept.customer.id })).data).toEqual([]);
});

test("what this Stripe cannot do with a kept card is refused, not pretended", async () => {
  const { stripe } = await startLocalStripe();
  const page = { mode: "payment", success_url: "http://127.0.0.1:1/paid" } as const;
  const line_items = [
    { quantity: 1, price_data: { currency: "eur", unit_amount: 1999, product_data: { name: "Blue mug" } } },
  ];

  await expect(
    stripe.checkout.sessions.create({
      ...page,
      line_items,
      payment_intent_data: { setup_future_usage: "off_session" },
    }),
  ).rejects.toMatchObject({ statusCode: 400 });
  await expect(
    stripe.checkout.sessions.create({
      ...page,
      line_items,
      saved_payment_method_options: { payment_method_save: "enabled" },
    }),
  ).rejects.toMatchObject({ code: "parameter_unknown" });
});
