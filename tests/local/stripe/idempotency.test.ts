import { expect, test } from "vitest";
import { clientOf, startLocalStripe } from "./local-stripe";

const params = { amount: 2000, currency: "eur" };
const once = { idempotencyKey: "pay_1:create" };

test("the same key with the same parameters answers the same, and does it once", async () => {
  const { stripe } = await startLocalStripe();

  const first = await stripe.paymentIntents.create(params, once);
  const second = await stripe.paymentIntents.create(params, once);

  expect(second).toEqual(first);
  expect(second.lastResponse.headers["idempotent-replayed"]).toBe("true");
  expect((await stripe.paymentIntents.list()).data).toHaveLength(1);
});

test("the same key survives a restart", async () => {
  const before = await startLocalStripe();
  const first = await before.stripe.paymentIntents.create(params, once);
  await before.close();

  const { stripe } = await startLocalStripe({ stateDir: before.stateDir });

  expect((await stripe.paymentIntents.create(params, once)).id).toBe(first.id);
});

test("the same key with other parameters is an error", async () => {
  const { stripe } = await startLocalStripe();
  await stripe.paymentIntents.create(params, once);

  await expect(stripe.paymentIntents.create({ ...params, amount: 2001 }, once)).rejects.toMatchObject({
    type: "StripeIdempotencyError",
    rawType: "idempotency_error",
    statusCode: 400,
  });
});

test("the same key while the first request runs is a conflict", async () => {
  const { stripe, control } = await startLocalStripe();
  await control("/faults", { method: "POST", path: "/v1/payment_intents", kind: "delay", delayMs: 300 });

  const results = await Promise.allSettled([
    stripe.paymentIntents.create(params, once),
    stripe.paymentIntents.create(params, once),
  ]);

  const refused = results.find((result) => result.status === "rejected");
  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  expect(refused).toMatchObject({ reason: { statusCode: 409, code: "idempotency_key_in_use" } });
  expect((await stripe.paymentIntents.list()).data).toHaveLength(1);
});

test("a decline is saved: the same key declines again, a new key may succeed", async () => {
  const { stripe } = await startLocalStripe();
  const intent = await stripe.paymentIntents.create({
    ...params,
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
  });
  const declining = { payment_method: "pm_card_visa_chargeDeclined" };

  const first = await stripe.paymentIntents.confirm(intent.id, declining, once).catch((error: unknown) => error);
  const second = await stripe.paymentIntents.confirm(intent.id, declining, once).catch((error: unknown) => error);

  expect(first).toMatchObject({ statusCode: 402, code: "card_declined" });
  expect(second).toMatchObject({ statusCode: 402, charge: (first as { charge: string }).charge });
  expect((await stripe.charges.list()).data).toHaveLength(1);
  const other = await stripe.paymentIntents.confirm(
    intent.id,
    { payment_method: "pm_card_visa" },
    { idempotencyKey: "pay_2" },
  );
  expect(other.status).toBe("succeeded");
});

test("a 500 after the work is saved: the work is done, the key keeps answering 500", async () => {
  const { stripe, control } = await startLocalStripe();
  await control("/faults", { method: "POST", path: "/v1/payment_intents", kind: "error_after" });

  await expect(stripe.paymentIntents.create(params, once)).rejects.toMatchObject({
    statusCode: 500,
    type: "StripeAPIError",
  });
  await expect(stripe.paymentIntents.create(params, once)).rejects.toMatchObject({ statusCode: 500 });

  expect((await stripe.paymentIntents.list()).data).toHaveLength(1);
});

test("a 500 before the work saves nothing: the same key works afterwards", async () => {
  const { stripe, control } = await startLocalStripe();
  await control("/faults", { method: "POST", path: "/v1/payment_intents", kind: "error_before" });

  await expect(stripe.paymentIntents.create(params, once)).rejects.toMatchObject({ statusCode: 500 });

  expect(await stripe.paymentIntents.create(params, once)).toMatchObject({ amount: 2000 });
});

test("nothing is saved when validation fails: the key can be used for the corrected request", async () => {
  const { stripe } = await startLocalStripe();

  await expect(stripe.paymentIntents.create({ amount: 1.5, currency: "eur" }, once)).rejects.toMatchObject({
    statusCode: 400,
  });

  expect(await stripe.paymentIntents.create(params, once)).toMatchObject({ amount: 2000 });
});

test("a refusal during the work is saved, also when it would pass later", async () => {
  const { stripe } = await startLocalStripe();
  const intent = await stripe.paymentIntents.create({
    ...params,
    capture_method: "manual",
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
  });
  const capture = () => stripe.paymentIntents.capture(intent.id, {}, once);

  await expect(capture()).rejects.toMatchObject({ code: "payment_intent_unexpected_state" });
  await stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_visa" });

  await expect(capture()).rejects.toMatchObject({ code: "payment_intent_unexpected_state" });
});

test("a key is forgotten after 24 hours", async () => {
  const { stripe, control } = await startLocalStripe();
  const first = await stripe.paymentIntents.create(params, once);

  await control("/clock", { advanceMs: 24 * 60 * 60 * 1000 });

  expect((await stripe.paymentIntents.create(params, once)).id).not.toBe(first.id);
});

test("a connection dropped after the work is retried by the client and done once", async () => {
  const local = await startLocalStripe();
  const stripe = clientOf(local, { maxNetworkRetries: 2 });
  await local.control("/faults", { method: "POST", path: "/v1/payment_intents", kind: "drop_after" });

  const intent = await stripe.paymentIntents.create(params, once);

  expect((await stripe.paymentIntents.list()).data.map(({ id }) => id)).toEqual([intent.id]);
});
