import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PaymentDeclinedError, PaymentMisconfiguredError, StripeServerError } from "@/lib/payments/errors";
import { translateStripeError } from "@/lib/payments/stripe-errors";
import { vendorFailures } from "@/lib/vendor-failures";
import { stripeFault } from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";
import { answering, atOnce, backOff, type Case, decisionOn, errorOf, rowsWithout, told } from "./cases";

let world: World<"stripe">;

beforeAll(async () => {
  world = await startWorld({ stripe: true });
});

afterAll(() => world.close());

const key = "sk_test_local_tests";
const client = (port = world.stripe.port, apiKey = key) =>
  new Stripe(apiKey, {
    host: "127.0.0.1",
    port,
    protocol: "http",
    maxNetworkRetries: 0,
    timeout: 400,
    telemetry: false,
  });

const failing = async (work: (stripe: Stripe) => Promise<unknown>, stripe = client()) =>
  translateStripeError(await errorOf(work(stripe)));

const fail = (fault: { kind: string; times?: number; delayMs?: number; retryAfterSeconds?: number }) =>
  stripeFault({ method: "POST", path: "/v1/payment_intents", ...fault });

const charge = (stripe: Stripe, changes: Stripe.PaymentIntentCreateParams | object = {}, idempotencyKey?: string) =>
  stripe.paymentIntents.create(
    { amount: 1999, currency: "eur", ...changes },
    idempotencyKey ? { idempotencyKey } : undefined,
  );

const cases: Case[] = [
  {
    name: "nobody answers",
    row: "none",
    provoke: () => failing((stripe) => charge(stripe), client(1)),
    becomes: "TemporaryError",
    decision: atOnce,
  },
  {
    name: "the connection is closed before the work, and again when Stripe's client tries once more",
    row: "none",
    provoke: async () => {
      await fail({ kind: "drop_before", times: 2 });
      return failing((stripe) => charge(stripe));
    },
    becomes: "TemporaryError",
    decision: atOnce,
  },
  {
    name: "the answer takes longer than the client waits",
    row: "none",
    provoke: async () => {
      await fail({ kind: "delay", delayMs: 900 });
      return failing((stripe) => charge(stripe));
    },
    becomes: "TemporaryError",
    decision: atOnce,
  },
  {
    name: "too many requests, with a word on how long to wait",
    row: "429",
    provoke: async () => {
      await fail({ kind: "rate_limit", retryAfterSeconds: 3 });
      return failing((stripe) => charge(stripe));
    },
    becomes: "TemporaryError",
    decision: told(3_000),
  },
  {
    name: "too many requests, without",
    row: "429",
    provoke: async () => {
      await fail({ kind: "rate_limit" });
      return failing((stripe) => charge(stripe));
    },
    becomes: "TemporaryError",
    decision: backOff,
  },
  {
    name: "another request with the same key is still being worked on",
    row: "409",
    provoke: async () => {
      await fail({ kind: "conflict" });
      return failing((stripe) => charge(stripe, {}, "pay_1:capture"));
    },
    becomes: "TemporaryError",
    decision: backOff,
  },
  {
    name: "500 before the work",
    row: "5xx",
    provoke: async () => {
      await fail({ kind: "error_before" });
      return failing((stripe) => charge(stripe));
    },
    becomes: StripeServerError.name,
    decision: backOff,
  },
  {
    name: "500 after the work, kept under the key",
    row: "5xx",
    provoke: async () => {
      await fail({ kind: "error_after" });
      return failing((stripe) => charge(stripe, {}, "pay_2:capture"));
    },
    becomes: StripeServerError.name,
    decision: backOff,
  },
  {
    name: "the bank declines the card",
    row: "402",
    provoke: () =>
      failing((stripe) =>
        charge(stripe, {
          confirm: true,
          payment_method: "pm_card_visa_chargeDeclined",
          payment_method_types: ["card"],
        }),
      ),
    becomes: PaymentDeclinedError.name,
    decision: "stop",
  },
  {
    name: "the bank wants the cardholder to confirm, and nobody is there",
    row: "402 authentication_required",
    provoke: () =>
      failing((stripe) =>
        charge(stripe, {
          confirm: true,
          off_session: true,
          payment_method: "pm_card_authenticationRequired",
          payment_method_types: ["card"],
        }),
      ),
    becomes: PaymentDeclinedError.name,
    decision: "stop",
  },
  {
    name: "the card has expired",
    row: "402 expired_card",
    provoke: () =>
      failing((stripe) =>
        charge(stripe, {
          confirm: true,
          payment_method: "pm_card_chargeDeclinedExpiredCard",
          payment_method_types: ["card"],
        }),
      ),
    becomes: PaymentDeclinedError.name,
    decision: "stop",
  },
  {
    name: "a parameter is invalid",
    row: "4xx",
    provoke: () => failing((stripe) => charge(stripe, { amount: -1 })),
    becomes: PaymentMisconfiguredError.name,
    decision: "stop",
  },
  {
    name: "the key was used for another request",
    row: "4xx",
    provoke: async () => {
      await charge(client(), {}, "pay_3:capture");
      return failing((stripe) => charge(stripe, { amount: 5 }, "pay_3:capture"));
    },
    becomes: PaymentMisconfiguredError.name,
    decision: "stop",
  },
  {
    name: "there is no such payment",
    row: "404",
    provoke: () => failing((stripe) => stripe.paymentIntents.retrieve("pi_none")),
    becomes: PaymentMisconfiguredError.name,
    decision: "stop",
  },
  {
    name: "the secret key is another account's",
    row: "401",
    provoke: () => failing((stripe) => charge(stripe), client(world.stripe.port, "sk_test_local_other")),
    becomes: PaymentMisconfiguredError.name,
    decision: "stop",
  },
  {
    name: "the secret key may not do this",
    row: "403",
    provoke: async () => {
      const body = JSON.stringify({ error: { type: "invalid_request_error", message: "Not with this key." } });
      const { port } = await answering(403, body, { "content-type": "application/json" });
      return failing((stripe) => charge(stripe), client(port));
    },
    becomes: PaymentMisconfiguredError.name,
    decision: "stop",
  },
];

test.each(cases)("Stripe, $row: $name", async ({ provoke, becomes, decision }) => {
  const error = await provoke();

  expect((error as Error).constructor.name).toBe(becomes);
  expect(decisionOn(error)).toEqual(decision);
});

test("no row of Stripe's table is left out", () => {
  expect(rowsWithout(cases, vendorFailures.stripe)).toEqual([]);
});
