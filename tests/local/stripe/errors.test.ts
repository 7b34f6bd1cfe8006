import Stripe from "stripe";
import { afterEach, expect, test, vi } from "vitest";
import { startStripe } from "@/local/stripe/server";
import { temporaryFolder } from "../../support/temporary-folder";
import { clientOf, mugCheckout, secretKey, startLocalStripe } from "./local-stripe";

afterEach(() => vi.unstubAllEnvs());

test("an unknown parameter is refused by name, nested ones too", async () => {
  const { stripe } = await startLocalStripe();

  await expect(
    stripe.paymentIntents.create({ amount: 2000, currency: "eur", colour: "blue" } as Stripe.PaymentIntentCreateParams),
  ).rejects.toMatchObject({ statusCode: 400, code: "parameter_unknown", param: "colour" });
  const session = mugCheckout();
  const line = { ...session.line_items?.[0], colour: "blue" } as Stripe.Checkout.SessionCreateParams.LineItem;
  await expect(stripe.checkout.sessions.create({ ...session, line_items: [line] })).rejects.toMatchObject({
    code: "parameter_unknown",
    param: "line_items[0][colour]",
  });
});

test("a missing parameter is named", async () => {
  const { stripe } = await startLocalStripe();

  await expect(
    stripe.paymentIntents.create({ amount: 2000 } as Stripe.PaymentIntentCreateParams),
  ).rejects.toMatchObject({
    code: "parameter_missing",
    param: "currency",
  });
});

test.each([
  [
    { amount: 1.5, currency: "eur" },
    { code: "parameter_invalid_integer", param: "amount" },
  ],
  [{ amount: -1, currency: "eur" }, { param: "amount" }],
  [{ amount: 10, currency: "eur" }, { code: "amount_too_small" }],
  [{ amount: 2000, currency: "xxq" }, { param: "currency" }],
  [
    { amount: 2000, currency: "eur", description: "" },
    { code: "parameter_invalid_empty", param: "description" },
  ],
  [
    { amount: 2000, currency: "eur", customer: "cus_nobody" },
    { code: "resource_missing", param: "customer" },
  ],
])("a wrong parameter (%o) is refused as Stripe refuses it", async (params, error) => {
  const { stripe } = await startLocalStripe();

  await expect(stripe.paymentIntents.create(params)).rejects.toMatchObject({ statusCode: 400, ...error });
});

test("an id that does not exist answers 404 resource_missing with a request id", async () => {
  const { stripe } = await startLocalStripe();

  await expect(stripe.paymentIntents.retrieve("pi_nothing")).rejects.toMatchObject({
    type: "StripeInvalidRequestError",
    statusCode: 404,
    code: "resource_missing",
    requestId: expect.stringMatching(/^req_/),
  });
});

test("what this Stripe does not have throws in the client instead of looking like a success", async () => {
  const { stripe, url } = await startLocalStripe();

  await expect(stripe.payouts.create({ amount: 1, currency: "eur" })).rejects.toMatchObject({
    type: "StripeInvalidRequestError",
    statusCode: 404,
  });
  const elsewhere = await fetch(`${url}/nowhere`);
  expect(elsewhere.status).toBe(404);
  expect(await elsewhere.json()).toMatchObject({ error: { type: "invalid_request_error" } });
});

test("a property that is no reference cannot be expanded, and the request then did nothing", async () => {
  const { stripe } = await startLocalStripe();

  await expect(
    stripe.paymentIntents.create({ amount: 2000, currency: "eur", expand: ["amount"] }),
  ).rejects.toMatchObject({ statusCode: 400 });

  expect((await stripe.paymentIntents.list()).data).toEqual([]);
});

test("a wrong key and another API version are refused", async () => {
  const running = await startLocalStripe();
  const config = { host: "127.0.0.1", port: running.port, protocol: "http" as const, maxNetworkRetries: 0 };

  await expect(new Stripe("sk_test_other", config).charges.list()).rejects.toMatchObject({
    type: "StripeAuthenticationError",
    statusCode: 401,
  });
  const old = clientOf(running, { apiVersion: "2020-08-27" as never });
  await expect(old.charges.list()).rejects.toMatchObject({ statusCode: 400 });
});

test("it does not start in production or with a key of another form", async () => {
  const stateDir = await temporaryFolder();

  await expect(startStripe({ port: 0, stateDir, secretKey: "sk_live_123" })).rejects.toThrow(/sk_test_local/);
  vi.stubEnv("NODE_ENV", "production");
  await expect(startStripe({ port: 0, stateDir, secretKey })).rejects.toThrow(/production/);
});

test("a port in use is an error that leaves the files of whoever has it alone", async () => {
  const running = await startLocalStripe();

  await expect(startStripe({ port: running.port, stateDir: running.stateDir, secretKey })).rejects.toThrow(
    /EADDRINUSE/,
  );

  const intent = await running.stripe.paymentIntents.create({ amount: 2000, currency: "eur" });
  await running.close();
  const { stripe } = await startLocalStripe({ stateDir: running.stateDir });
  expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({ amount: 2000 });
});
