import type Stripe from "stripe";
import { expect, test } from "vitest";
import { startLocalStripe } from "./local-stripe";

const card = { amount: 2000, currency: "eur", payment_method_types: ["card"] } as Stripe.PaymentIntentCreateParams;

test("a payment confirmed with a good card succeeds, has a charge and is booked with its fee", async () => {
  const { stripe } = await startLocalStripe();

  const intent = await stripe.paymentIntents.create({
    ...card,
    payment_method: "pm_card_visa",
    confirm: true,
    expand: ["latest_charge.balance_transaction"],
  });

  expect(intent).toMatchObject({
    status: "succeeded",
    amount_received: 2000,
    latest_charge: {
      captured: true,
      payment_method_details: { card: { brand: "visa", last4: "4242" } },
      balance_transaction: { amount: 2000, fee: 88, net: 1912, type: "charge", status: "pending" },
    },
  });
  expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({ status: "succeeded" });
});

test("a declined card answers 402 with Stripe's codes and leaves a failed charge", async () => {
  const { stripe } = await startLocalStripe();
  const intent = await stripe.paymentIntents.create(card);

  const confirming = stripe.paymentIntents.confirm(intent.id, {
    payment_method: "pm_card_visa_chargeDeclinedInsufficientFunds",
  });

  await expect(confirming).rejects.toMatchObject({
    type: "StripeCardError",
    statusCode: 402,
    code: "card_declined",
    decline_code: "insufficient_funds",
    payment_intent: { id: intent.id, status: "requires_payment_method" },
  });
  const { data } = await stripe.charges.list({ payment_intent: intent.id });
  expect(data).toMatchObject([{ status: "failed", paid: false, failure_code: "card_declined" }]);
});

test("a partial capture takes the part and releases the rest", async () => {
  const { stripe } = await startLocalStripe();
  const intent = await stripe.paymentIntents.create({
    ...card,
    capture_method: "manual",
    payment_method: "pm_card_visa",
    confirm: true,
  });
  expect(intent).toMatchObject({ status: "requires_capture", amount_capturable: 2000 });

  const captured = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 1500 });

  expect(captured).toMatchObject({ status: "succeeded", amount: 2000, amount_received: 1500, amount_capturable: 0 });
  const charge = await stripe.charges.retrieve(String(captured.latest_charge));
  expect(charge).toMatchObject({ amount: 2000, amount_captured: 1500, captured: true, refunded: false });
  await expect(stripe.refunds.create({ payment_intent: intent.id, amount: 1501 })).rejects.toMatchObject({
    param: "amount",
  });
});

test("more than was authorised cannot be captured", async () => {
  const { stripe } = await startLocalStripe();
  const intent = await stripe.paymentIntents.create({
    ...card,
    capture_method: "manual",
    payment_method: "pm_card_visa",
    confirm: true,
  });

  await expect(stripe.paymentIntents.capture(intent.id, { amount_to_capture: 2001 })).rejects.toMatchObject({
    code: "amount_too_large",
    param: "amount_to_capture",
  });
  expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({ status: "requires_capture" });
});

test("cancelling an authorised payment releases it without a refund; a paid one cannot be cancelled", async () => {
  const { stripe } = await startLocalStripe();
  const held = await stripe.paymentIntents.create({
    ...card,
    capture_method: "manual",
    payment_method: "pm_card_visa",
    confirm: true,
  });
  const paid = await stripe.paymentIntents.create({ ...card, payment_method: "pm_card_visa", confirm: true });

  const cancelled = await stripe.paymentIntents.cancel(held.id, { cancellation_reason: "abandoned" });

  expect(cancelled).toMatchObject({ status: "canceled", cancellation_reason: "abandoned", amount_capturable: 0 });
  expect(await stripe.charges.retrieve(String(cancelled.latest_charge))).toMatchObject({
    refunded: true,
    captured: false,
  });
  expect((await stripe.refunds.list()).data).toEqual([]);
  await expect(stripe.paymentIntents.capture(held.id)).rejects.toMatchObject({
    code: "payment_intent_unexpected_state",
  });
  await expect(stripe.paymentIntents.cancel(paid.id)).rejects.toMatchObject({
    code: "payment_intent_unexpected_state",
  });
});

test("an authorisation nobody captures is released after seven days", async () => {
  const { stripe, control } = await startLocalStripe();
  const held = await stripe.paymentIntents.create({
    ...card,
    capture_method: "manual",
    payment_method: "pm_card_visa",
    confirm: true,
  });

  await control("/clock", { advanceMs: 7 * 24 * 60 * 60 * 1000 });

  expect(await stripe.paymentIntents.retrieve(held.id)).toMatchObject({
    status: "canceled",
    cancellation_reason: "automatic",
  });
  expect((await stripe.events.list({ type: "charge.expired" })).data).toHaveLength(1);
});

test("refunds in parts never exceed what was paid", async () => {
  const { stripe } = await startLocalStripe();
  const intent = await stripe.paymentIntents.create({ ...card, payment_method: "pm_card_visa", confirm: true });

  const first = await stripe.refunds.create({
    payment_intent: intent.id,
    amount: 500,
    reason: "requested_by_customer",
  });
  await expect(stripe.refunds.create({ payment_intent: intent.id, amount: 1501 })).rejects.toMatchObject({
    statusCode: 400,
  });
  const rest = await stripe.refunds.create({ payment_intent: intent.id });

  expect([first.amount, rest.amount]).toEqual([500, 1500]);
  await expect(stripe.refunds.create({ payment_intent: intent.id })).rejects.toMatchObject({
    code: "charge_already_refunded",
  });
  const charge = await stripe.charges.retrieve(String(intent.latest_charge), { expand: ["refunds"] });
  expect(charge).toMatchObject({ amount_refunded: 2000, refunded: true });
  expect(charge.refunds?.data.map(({ id }) => id)).toEqual([rest.id, first.id]);
  const booked = await stripe.balanceTransactions.list({ type: "refund" });
  expect(booked.data.map(({ net }) => net)).toEqual([-1500, -500]);
  const { data } = await stripe.events.list({ type: "charge.refunded" });
  expect(data.map((event) => event.data.previous_attributes)).toMatchObject([
    { amount_refunded: 500 },
    { amount_refunded: 0 },
  ]);
});

test("an uncaptured payment cannot be refunded", async () => {
  const { stripe } = await startLocalStripe();
  const held = await stripe.paymentIntents.create({
    ...card,
    capture_method: "manual",
    payment_method: "pm_card_visa",
    confirm: true,
  });

  await expect(stripe.refunds.create({ payment_intent: held.id })).rejects.toMatchObject({ statusCode: 400 });
});

test("payments are found by metadata and status", async () => {
  const { stripe } = await startLocalStripe();
  const wanted = await stripe.paymentIntents.create({ ...card, metadata: { order_id: "ord_1" } });
  await stripe.paymentIntents.create({ ...card, metadata: { order_id: "ord_2" } });

  const found = await stripe.paymentIntents.search({
    query: "metadata['order_id']:'ord_1' AND status:'requires_payment_method'",
  });

  expect(found).toMatchObject({ object: "search_result", has_more: false, data: [{ id: wanted.id }] });
  await expect(stripe.paymentIntents.search({ query: "colour:'blue'" })).rejects.toMatchObject({ param: "query" });
});

test("lists page from newest to oldest", async () => {
  const { stripe } = await startLocalStripe();
  const ids: string[] = [];
  for (let made = 0; made < 5; made++) ids.unshift((await stripe.paymentIntents.create(card)).id);

  const first = await stripe.paymentIntents.list({ limit: 2 });
  const second = await stripe.paymentIntents.list({ limit: 2, starting_after: first.data[1]?.id ?? "" });
  const back = await stripe.paymentIntents.list({ limit: 2, ending_before: second.data[0]?.id ?? "" });
  const all = await stripe.paymentIntents.list({ limit: 2 }).autoPagingToArray({ limit: 10 });

  expect(first).toMatchObject({ has_more: true, url: "/v1/payment_intents" });
  expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids.slice(0, 4));
  expect(back.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  expect(all.map(({ id }) => id)).toEqual(ids);
});

test("a card that asks for 3D Secure waits at an address until the bank says yes", async () => {
  const { stripe } = await startLocalStripe();
  const intent = await stripe.paymentIntents.create({
    ...card,
    payment_method: "pm_card_authenticationRequired",
    confirm: true,
    return_url: "http://127.0.0.1:3000/paid",
  });
  const url = intent.next_action?.redirect_to_url?.url ?? "";
  expect(intent.status).toBe("requires_action");

  const answer = await fetch(url, {
    method: "POST",
    body: new URLSearchParams({ answer: "complete" }),
    redirect: "manual",
  });

  expect(answer.headers.get("location")).toContain(`http://127.0.0.1:3000/paid?payment_intent=${intent.id}`);
  expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({ status: "succeeded" });
});

test("updating changes metadata key by key", async () => {
  const { stripe } = await startLocalStripe();
  const intent = await stripe.paymentIntents.create({ ...card, metadata: { a: "1", b: "2" } });

  const updated = await stripe.paymentIntents.update(intent.id, { metadata: { a: "", c: "3" }, amount: 2100 });

  expect(updated).toMatchObject({ amount: 2100, metadata: { b: "2", c: "3" } });
  expect(updated.metadata).not.toHaveProperty("a");
});
