import Stripe from "stripe";
import { expect, test, vi } from "vitest";
import { mugCheckout, pay, startLocalStripe, startReceiver, webhookSecret } from "./local-stripe";

const soon = { timeout: 10_000, interval: 20 };

test("completing a checkout sends its events, signed so that the official client accepts them", async () => {
  const receiver = await startReceiver();
  const { stripe } = await startLocalStripe({ webhook: { url: receiver.url, secret: webhookSecret } });
  const session = await stripe.checkout.sessions.create(mugCheckout());

  await pay(session);

  await vi.waitFor(() => expect(receiver.ofType("checkout.session.completed")).toHaveLength(1), soon);
  await vi.waitFor(() => expect(receiver.received).toHaveLength(4), soon);
  const types = receiver.received.map(({ event }) => event.type).sort();
  expect(types).toEqual([
    "charge.succeeded",
    "checkout.session.completed",
    "payment_intent.amount_capturable_updated",
    "payment_intent.created",
  ]);
  for (const { body, headers } of receiver.received) {
    const event = stripe.webhooks.constructEvent(body, headers["stripe-signature"] ?? "", webhookSecret);
    expect(event).toMatchObject({ object: "event", api_version: Stripe.API_VERSION, livemode: false });
  }
  const [completed] = receiver.ofType("checkout.session.completed");
  expect(completed?.event.data.object).toMatchObject({
    id: session.id,
    client_reference_id: "ord_1",
    status: "complete",
  });
});

test("a body altered on the way does not verify", async () => {
  const receiver = await startReceiver();
  const { stripe } = await startLocalStripe({ webhook: { url: receiver.url, secret: webhookSecret } });
  await stripe.paymentIntents.create({ amount: 1000, currency: "eur" });
  await vi.waitFor(() => expect(receiver.received).toHaveLength(1), soon);

  const [{ body, headers } = { body: "", headers: {} as Record<string, string> }] = receiver.received;

  expect(() =>
    stripe.webhooks.constructEvent(body.replace("1000", "1"), String(headers["stripe-signature"]), webhookSecret),
  ).toThrow(/signature/i);
});

test("a delivery that fails is tried again with a new signature until it is taken", async () => {
  const receiver = await startReceiver((_delivery, count) => (count < 3 ? 500 : 200));
  const { stripe } = await startLocalStripe({
    webhook: { url: receiver.url, secret: webhookSecret, retryDelaysMs: [1_100, 20] },
  });

  const intent = await stripe.paymentIntents.create({ amount: 1000, currency: "eur" });

  await vi.waitFor(() => expect(receiver.received).toHaveLength(3), soon);
  expect(new Set(receiver.received.map(({ event }) => event.id)).size).toBe(1);
  expect(new Set(receiver.received.map(({ headers }) => headers["stripe-signature"])).size).toBeGreaterThan(1);
  const { data } = await stripe.events.list({ type: "payment_intent.created" });
  expect(data[0]).toMatchObject({ data: { object: { id: intent.id } } });
  await vi.waitFor(
    async () => expect((await stripe.events.retrieve(data[0]?.id ?? "")).pending_webhooks).toBe(0),
    soon,
  );
});

test("undelivered events and everything else survive a restart", async () => {
  const receiver = await startReceiver();
  const nobody = { url: "http://127.0.0.1:9/", secret: webhookSecret };
  const first = await startLocalStripe({ webhook: nobody });
  const session = await first.stripe.checkout.sessions.create(mugCheckout());
  await pay(session);
  await first.close();

  const second = await startLocalStripe({
    stateDir: first.stateDir,
    webhook: { url: receiver.url, secret: webhookSecret, retryDelaysMs: [20] },
  });

  await vi.waitFor(() => expect(receiver.received).toHaveLength(4), soon);
  expect(await second.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: "complete" });
});
