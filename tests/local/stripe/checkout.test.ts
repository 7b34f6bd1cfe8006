import { expect, test } from "vitest";
import { mugCheckout, pay, startLocalStripe } from "./local-stripe";

test("a new session is open, has its totals and no PaymentIntent yet", async () => {
  const { stripe, url } = await startLocalStripe();

  const session = await stripe.checkout.sessions.create(mugCheckout());

  expect(session).toMatchObject({
    object: "checkout.session",
    amount_subtotal: 2500,
    amount_total: 2990,
    client_reference_id: "ord_1",
    currency: "eur",
    payment_intent: null,
    payment_status: "unpaid",
    status: "open",
    url: `${url}/c/pay/${session.id}`,
  });
  expect(session.expires_at).toBe(session.created + 24 * 60 * 60);
});

test("a session can be limited to cards, and to nothing else", async () => {
  const { stripe } = await startLocalStripe();

  const session = await stripe.checkout.sessions.create({ ...mugCheckout(), allowed_payment_method_types: ["card"] });
  const refused = stripe.checkout.sessions.create({ ...mugCheckout(), allowed_payment_method_types: ["klarna"] });

  expect(session).toMatchObject({ allowed_payment_method_types: ["card"], payment_method_types: ["card"] });
  await expect(refused).rejects.toMatchObject({ type: "StripeInvalidRequestError" });
});

test("a session of a hundred lines is made, one of a hundred and one is refused", async () => {
  const { stripe } = await startLocalStripe();
  const [line] = mugCheckout().line_items ?? [];
  const checkout = (count: number) => ({
    ...mugCheckout(),
    line_items: Array.from({ length: count }, () => line ?? {}),
  });

  const session = await stripe.checkout.sessions.create(checkout(100));

  expect(session.status).toBe("open");
  await expect(stripe.checkout.sessions.create(checkout(101))).rejects.toMatchObject({ param: "line_items" });
});

test("the hosted page shows the order, the total to pay and labelled fields", async () => {
  const { stripe } = await startLocalStripe();
  const session = await stripe.checkout.sessions.create(mugCheckout());

  const page = await (await fetch(session.url ?? "")).text();

  expect(page).toContain("Blue mug");
  expect(page).toContain("Pay €29.90");
  for (const label of ["Card number", "Expiry", "CVC", "Name on card", "Country"])
    expect(page).toContain(`>${label}</label>`);
  expect(page).toContain('href="http://127.0.0.1:3000/cart"');
});

test("a good card with manual capture leads to success_url and an authorised payment", async () => {
  const { stripe } = await startLocalStripe();
  const session = await stripe.checkout.sessions.create(mugCheckout());

  const answer = await pay(session);

  expect(answer.status).toBe(303);
  expect(answer.headers.get("location")).toBe(`http://127.0.0.1:3000/orders/ord_1?session=${session.id}`);
  const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent.latest_charge"] });
  expect(paid).toMatchObject({
    status: "complete",
    payment_status: "unpaid",
    url: null,
    customer_details: { email: "ada@example.com", name: "Ada Lovelace", address: { country: "GB" } },
    payment_intent: {
      status: "requires_capture",
      amount_capturable: 2990,
      amount_received: 0,
      metadata: { order_id: "ord_1" },
      latest_charge: { captured: false, paid: true, amount: 2990, balance_transaction: null },
    },
  });
});

test("capturing makes the session paid; capturing again is refused", async () => {
  const { stripe } = await startLocalStripe();
  const session = await stripe.checkout.sessions.create(mugCheckout());
  await pay(session);
  const { payment_intent: intentId } = await stripe.checkout.sessions.retrieve(session.id);

  const captured = await stripe.paymentIntents.capture(String(intentId));

  expect(captured).toMatchObject({ status: "succeeded", amount_received: 2990, amount_capturable: 0 });
  expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ payment_status: "paid" });
  await expect(stripe.paymentIntents.capture(String(intentId))).rejects.toMatchObject({
    statusCode: 400,
    code: "payment_intent_unexpected_state",
    type: "StripeInvalidRequestError",
  });
});

test("without manual capture the payment succeeds at once", async () => {
  const { stripe } = await startLocalStripe();
  const session = await stripe.checkout.sessions.create(mugCheckout({ payment_intent_data: {} }));

  await pay(session);

  const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] });
  expect(paid).toMatchObject({
    payment_status: "paid",
    payment_intent: { status: "succeeded", amount_received: 2990 },
  });
});

test.each([
  ["4000000000000002", "Your card was declined."],
  ["4000000000009995", "Your card has insufficient funds."],
  ["4000000000000069", "Your card has expired."],
  ["4000000000000127", "Your card&#39;s security code is incorrect."],
])("card %s is declined with its reason and the shopper may try another", async (number, message) => {
  const { stripe } = await startLocalStripe();
  const session = await stripe.checkout.sessions.create(mugCheckout());

  const declined = await pay(session, { number });

  expect(declined.status).toBe(402);
  expect(await declined.text()).toContain(message);
  const waiting = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] });
  expect(waiting).toMatchObject({ status: "open", payment_intent: { status: "requires_payment_method" } });
  const second = await pay(session);
  expect(second.status).toBe(303);
  const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] });
  expect(done).toMatchObject({
    status: "complete",
    payment_intent: { status: "requires_capture", last_payment_error: null },
  });
});

test("pressing Pay twice at once pays once", async () => {
  const { stripe } = await startLocalStripe();
  const session = await stripe.checkout.sessions.create(mugCheckout());

  const answers = await Promise.all([pay(session), pay(session), pay(session)]);

  expect(answers.map((answer) => answer.status)).toEqual([303, 303, 303]);
  expect((await stripe.paymentIntents.list()).data).toHaveLength(1);
  expect((await stripe.charges.list()).data).toHaveLength(1);
});

test.each([
  [{ number: "4242 4242 4242 4241" }, "Your card number is invalid."],
  [{ number: "" }, "Enter your card number."],
  [{ expiry: "01 / 20" }, "expiration date is in the past"],
  [{ expiry: "13 / 34" }, "expiration date is incomplete"],
  [{ cvc: "12" }, "security code is incomplete"],
  [{ name: "" }, "Enter the name on your card."],
])("a mistake in the form (%o) is named at its field and charges nothing", async (mistake, message) => {
  const { stripe } = await startLocalStripe();
  const session = await stripe.checkout.sessions.create(mugCheckout());

  const answer = await pay(session, mistake);

  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain(message);
  expect((await stripe.paymentIntents.list()).data).toEqual([]);
});

test("choosing a test card fills it in and keeps what was typed", async () => {
  const { stripe } = await startLocalStripe();
  const session = await stripe.checkout.sessions.create(mugCheckout());

  const page = await (await pay(session, { fill: "4000002500003155", number: "", name: "Grace Hopper" })).text();

  expect(page).toContain('value="4000 0025 0000 3155"');
  expect(page).toContain('value="Grace Hopper"');
  expect(page).toContain('value="12 / 34"');
});

test("a 3D Secure card is charged only after the challenge is completed", async () => {
  const { stripe, url } = await startLocalStripe();
  const session = await stripe.checkout.sessions.create(mugCheckout());

  const challenge = await pay(session, { number: "4000002500003155" });

  expect(challenge.status).toBe(303);
  const challengeUrl = new URL(challenge.headers.get("location") ?? "", url);
  expect(await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] })).toMatchObject({
    status: "open",
    payment_intent: { status: "requires_action", latest_charge: null },
  });
  const done = await fetch(challengeUrl, {
    method: "POST",
    body: new URLSearchParams({ answer: "complete" }),
    redirect: "manual",
  });
  const back = await fetch(new URL(done.headers.get("location") ?? "", url), { redirect: "manual" });
  expect(back.headers.get("location")).toContain(`/orders/ord_1?session=${session.id}`);
  expect(await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] })).toMatchObject({
    status: "complete",
    payment_intent: { status: "requires_capture" },
  });
});

test("failing the 3D Secure challenge charges nothing and leads back to the form with the reason", async () => {
  const { stripe, url } = await startLocalStripe();
  const session = await stripe.checkout.sessions.create(mugCheckout());
  const challenge = await pay(session, { number: "4000002500003155" });

  const page = await fetch(new URL(challenge.headers.get("location") ?? "", url), {
    method: "POST",
    body: new URLSearchParams({ answer: "fail" }),
  });

  expect(await page.text()).toContain("We are unable to authenticate your payment method.");
  expect(await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] })).toMatchObject({
    status: "open",
    payment_intent: {
      status: "requires_payment_method",
      last_payment_error: { code: "payment_intent_authentication_failure" },
    },
  });
});

test("an expired session takes no payment", async () => {
  const { stripe } = await startLocalStripe();
  const session = await stripe.checkout.sessions.create(mugCheckout());

  await stripe.checkout.sessions.expire(session.id);

  const answer = await pay(session);
  expect(answer.status).toBe(410);
  expect(await answer.text()).toContain("This checkout has expired");
  await expect(stripe.checkout.sessions.expire(session.id)).rejects.toMatchObject({ statusCode: 400 });
});

test("expires_at nearer than 30 minutes is refused", async () => {
  const { stripe } = await startLocalStripe();
  const expiresAt = Math.floor(Date.now() / 1000) + 29 * 60;

  await expect(stripe.checkout.sessions.create(mugCheckout({ expires_at: expiresAt }))).rejects.toMatchObject({
    statusCode: 400,
    param: "expires_at",
  });
});

test("line items are listed and expandable", async () => {
  const { stripe } = await startLocalStripe();
  const session = await stripe.checkout.sessions.create(mugCheckout());

  const lines = await stripe.checkout.sessions.listLineItems(session.id);
  const expanded = await stripe.checkout.sessions.retrieve(session.id, { expand: ["line_items"] });

  expect(lines.data).toMatchObject([
    { description: "Blue mug", quantity: 2, amount_total: 2500, price: { unit_amount: 1250 } },
  ]);
  expect(expanded.line_items?.data[0]?.id).toBe(lines.data[0]?.id);
});

test("sessions are listed with what is asked to be expanded", async () => {
  const { stripe } = await startLocalStripe();
  const session = await stripe.checkout.sessions.create(mugCheckout());
  await stripe.checkout.sessions.create(mugCheckout());
  await pay(session);

  const { data } = await stripe.checkout.sessions.list({ status: "complete", expand: ["data.payment_intent"] });

  expect(data).toMatchObject([{ id: session.id, payment_intent: { object: "payment_intent", amount: 2990 } }]);
});

test("a price can be sold instead of price_data; one currency per session", async () => {
  const { stripe } = await startLocalStripe();
  const price = await stripe.prices.create({ currency: "eur", unit_amount: 700, product_data: { name: "Tea" } });
  const dollars = await stripe.prices.create({ currency: "usd", unit_amount: 700, product_data: { name: "Tea" } });

  const session = await stripe.checkout.sessions.create(
    mugCheckout({ line_items: [{ price: price.id, quantity: 3 }] }),
  );

  expect(session).toMatchObject({ amount_subtotal: 2100 });
  const mixed = mugCheckout({ line_items: [{ price: dollars.id, quantity: 3 }] });
  await expect(stripe.checkout.sessions.create(mixed)).rejects.toMatchObject({ statusCode: 400 });
});

test("choosing another shipping option changes what is paid", async () => {
  const { stripe } = await startLocalStripe();
  const option = (display_name: string, amount: number) => ({
    shipping_rate_data: { display_name, type: "fixed_amount" as const, fixed_amount: { amount, currency: "eur" } },
  });
  const shipping_options = [option("Standard", 490), option("Express", 1290)];
  const session = await stripe.checkout.sessions.create(mugCheckout({ shipping_options }));
  const express = session.shipping_options[1]?.shipping_rate;

  await pay(session, { shippingRate: String(express) });

  expect(await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] })).toMatchObject({
    amount_total: 3790,
    shipping_cost: { amount_total: 1290, shipping_rate: express },
    payment_intent: { amount: 3790 },
  });
});
