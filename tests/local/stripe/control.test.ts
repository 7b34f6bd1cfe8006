import { expect, test, vi } from "vitest";
import { clientOf, mugCheckout, pay, startLocalStripe, startReceiver, webhookSecret } from "./local-stripe";

const soon = { timeout: 10_000, interval: 20 };
const params = { amount: 2000, currency: "eur" };

test.each([
  ["conflict", { statusCode: 409, code: "idempotency_key_in_use" }],
  ["rate_limit", { statusCode: 429, type: "StripeRateLimitError" }],
  ["error_before", { statusCode: 500, type: "StripeAPIError" }],
])("a planned %s happens as often as planned and changes nothing", async (kind, error) => {
  const { stripe, control } = await startLocalStripe();
  await control("/faults", { method: "POST", path: "/v1/payment_intents", kind, times: 2 });

  await expect(stripe.paymentIntents.create(params)).rejects.toMatchObject(error);
  await expect(stripe.paymentIntents.create(params)).rejects.toMatchObject(error);

  expect((await stripe.paymentIntents.list()).data).toEqual([]);
  await stripe.paymentIntents.create(params);
});

test("a planned fault matches its path only, with * for one part of it", async () => {
  const { stripe, control } = await startLocalStripe();
  await control("/faults", { method: "POST", path: "/v1/payment_intents/*/capture", kind: "error_before" });

  const intent = await stripe.paymentIntents.create(params);

  await expect(stripe.paymentIntents.capture(intent.id)).rejects.toMatchObject({ statusCode: 500 });
});

test("a connection dropped before the work is an error of the connection, and nothing was done", async () => {
  const local = await startLocalStripe();
  await local.control("/faults", { method: "POST", path: "/v1/payment_intents", kind: "drop_before", times: 2 });

  await expect(local.stripe.paymentIntents.create(params)).rejects.toMatchObject({ type: "StripeConnectionError" });

  expect((await local.stripe.paymentIntents.list()).data).toEqual([]);
});

test("a client that retries gets through two planned 500s", async () => {
  const local = await startLocalStripe();
  await local.control("/faults", { method: "POST", path: "/v1/payment_intents", kind: "error_before", times: 2 });

  const intent = await clientOf(local, { maxNetworkRetries: 2 }).paymentIntents.create(params);

  expect(intent.amount).toBe(2000);
});

test("a fault that does not exist is refused in words", async () => {
  const { control } = await startLocalStripe();

  await expect(control("/faults", { method: "POST", path: "/v1/charges", kind: "explode" })).rejects.toThrow(/400/);
});

test("a session expires by the clock, with its event", async () => {
  const receiver = await startReceiver();
  const { stripe, control } = await startLocalStripe({ webhook: { url: receiver.url, secret: webhookSecret } });
  const expiresAt = Math.floor(Date.now() / 1000) + 31 * 60;
  const session = await stripe.checkout.sessions.create(mugCheckout({ expires_at: expiresAt }));

  await control("/clock", { advanceMs: 31 * 60 * 1000 });

  expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: "expired", url: null });
  await vi.waitFor(() => expect(receiver.ofType("checkout.session.expired")).toHaveLength(1), soon);
  // The signature's time is the machine's, or the receiver would call it stale.
  const [{ body, headers } = { body: "", headers: {} }] = receiver.received;
  const signature = String((headers as Record<string, string>)["stripe-signature"]);
  expect(stripe.webhooks.constructEvent(body, signature, webhookSecret).type).toBe("checkout.session.expired");
});

test("a planted invoice can be read and a planted event is delivered", async () => {
  const receiver = await startReceiver();
  const { stripe, control } = await startLocalStripe({ webhook: { url: receiver.url, secret: webhookSecret } });
  const invoice = { id: "in_1", object: "invoice", amount_due: 900, currency: "eur", subscription: "sub_1" };

  await control("/plant", { object: invoice });
  await control("/events", { type: "invoice.payment_failed", object: invoice, id: "evt_planted" });

  expect(await stripe.invoices.retrieve("in_1")).toMatchObject({ amount_due: 900 });
  await vi.waitFor(() => expect(receiver.ofType("invoice.payment_failed")).toHaveLength(1), soon);
  expect(await stripe.events.retrieve("evt_planted")).toMatchObject({ data: { object: { id: "in_1" } } });
  await expect(control("/plant", { object: { id: "x_1", object: "galaxy" } })).rejects.toThrow(/Cannot plant a galaxy/);
});

test("planted invoices are listed, newest first, by their status", async () => {
  const { stripe, control } = await startLocalStripe();
  const invoice = { object: "invoice", currency: "eur", created: 1_795_000_000 };
  await control("/plant", { object: { ...invoice, id: "in_1", status: "paid" } });
  await control("/plant", { object: { ...invoice, id: "in_2", status: "open" } });
  await control("/plant", { object: { ...invoice, id: "in_3", status: "paid" } });

  const { data } = await stripe.invoices.list({ status: "paid", expand: ["data.payments"] });

  expect(data.map(({ id }) => id)).toEqual(["in_3", "in_1"]);
  expect(data[0]?.payments).toMatchObject({ object: "list", data: [] });
});

test("an event can be delivered again, with the same id", async () => {
  const receiver = await startReceiver();
  const { stripe, control } = await startLocalStripe({ webhook: { url: receiver.url, secret: webhookSecret } });
  await stripe.paymentIntents.create(params);
  await vi.waitFor(() => expect(receiver.received).toHaveLength(1), soon);
  const id = receiver.received[0]?.event.id ?? "";

  await control(`/events/${id}/deliver`);

  await vi.waitFor(() => expect(receiver.received.map(({ event }) => event.id)).toEqual([id, id]), soon);
});

test("events can be sent several times, late, or held back", async () => {
  const receiver = await startReceiver();
  const { stripe, control } = await startLocalStripe({ webhook: { url: receiver.url, secret: webhookSecret } });
  await control("/webhooks", { paused: true, duplicates: 1, delayMs: 50 });

  await stripe.paymentIntents.create(params);
  // Enough round trips for a delivery that is not held back.
  for (let trip = 0; trip < 20; trip++) await stripe.events.list();
  expect(receiver.received).toEqual([]);
  await control("/webhooks", { paused: false });

  await vi.waitFor(() => expect(receiver.received).toHaveLength(2), soon);
});

test("shuffled events all arrive", async () => {
  const receiver = await startReceiver();
  const { stripe, control } = await startLocalStripe({ webhook: { url: receiver.url, secret: webhookSecret } });
  await control("/webhooks", { shuffleWithinMs: 150 });

  const ids = await Promise.all(
    Array.from({ length: 12 }, async () => (await stripe.paymentIntents.create(params)).id),
  );

  await vi.waitFor(() => expect(receiver.received).toHaveLength(12), soon);
  const arrived = receiver.received.map(({ event }) => (event.data.object as { id: string }).id);
  expect(new Set(arrived)).toEqual(new Set(ids));
});

test("reset forgets everything", async () => {
  const { stripe, control } = await startLocalStripe();
  await stripe.paymentIntents.create(params);
  await control("/clock", { advanceMs: 60_000 });

  await control("/reset");

  expect((await stripe.paymentIntents.list()).data).toEqual([]);
  expect((await stripe.events.list()).data).toEqual([]);
});

test("the page shows payments, sessions and events with their deliveries", async () => {
  const receiver = await startReceiver();
  const { stripe, url } = await startLocalStripe({ webhook: { url: receiver.url, secret: webhookSecret } });
  const session = await stripe.checkout.sessions.create(mugCheckout());
  await pay(session);
  await vi.waitFor(() => expect(receiver.received).toHaveLength(4), soon);

  await vi.waitFor(async () => {
    const page = await (await fetch(url)).text();
    expect(page).toContain("requires_capture");
    expect(page).toContain("checkout.session.completed");
    expect(page).toContain("taken (200), 1 attempt");
    expect(page).toContain("Deliver again");
  }, soon);
});

test("a page from elsewhere cannot press the buttons of this one", async () => {
  const { url } = await startLocalStripe();

  const foreign = await fetch(`${url}/_local/reset`, { method: "POST", headers: { origin: "https://evil.example" } });
  const own = await fetch(`${url}/_local/reset`, { method: "POST", headers: { origin: url } });

  expect(foreign.status).toBe(403);
  expect(own.status).toBe(200);
});
