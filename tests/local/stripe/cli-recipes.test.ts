import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { sharedData } from "../../support/shared-data";
import { type LocalStripe, pay, secretKey, startLocalStripe, startReceiver, webhookSecret } from "./local-stripe";

type Step = { name: string; path: string; method: string; params?: object; expected_error_type?: string };
type Answers = Record<string, Record<string, unknown>>;

/** The events of Stripe's own command-line tool whose objects this Stripe makes itself. */
const types = [
  "charge.captured",
  "charge.dispute.closed",
  "charge.dispute.created",
  "charge.dispute.updated",
  "charge.failed",
  "charge.refund.updated",
  "charge.refunded",
  "charge.succeeded",
  "checkout.session.completed",
  "checkout.session.expired",
  "customer.created",
  "customer.deleted",
  "customer.updated",
  "payment_intent.amount_capturable_updated",
  "payment_intent.canceled",
  "payment_intent.created",
  "payment_intent.payment_failed",
  "payment_intent.requires_action",
  "payment_intent.succeeded",
  "payment_method.attached",
  "product.created",
  "product.updated",
];

const recipeOf = (type: string) => sharedData(`stripe-cli-triggers/${type}.json`);

test.skipIf(recipeOf("charge.succeeded") === undefined).each(types)(
  "the recipe of Stripe's CLI for %s ends with that event delivered",
  async (type) => {
    const receiver = await startReceiver();
    const local = await startLocalStripe({ webhook: { url: receiver.url, secret: webhookSecret } });
    const { fixtures } = JSON.parse(readFileSync(recipeOf(type) ?? "", "utf8")) as { fixtures: Step[] };

    const answers: Answers = {};
    for (const step of fixtures) answers[step.name] = await perform(local, step, answers);

    await vi.waitFor(() => expect(receiver.ofType(type)).toHaveLength(1), { timeout: 10_000, interval: 20 });
  },
);

async function perform(local: LocalStripe, step: Step, answers: Answers): Promise<Record<string, unknown>> {
  // `payment_pages` is a private address by which the tool plays the shopper: here the shopper uses the page.
  if (step.path.startsWith("/v1/payment_pages/")) {
    if (step.method === "get") return {};
    const answer = await pay({ url: String(answers.checkout_session?.url) });
    expect(answer.status).toBe(303);
    return {};
  }
  const response = await fetch(local.url + filled(step.path, answers), {
    method: step.method.toUpperCase(),
    headers: { authorization: `Bearer ${secretKey}` },
    ...(step.method === "post" ? { body: new URLSearchParams(pairs(step.params ?? {}, answers)) } : {}),
  });
  const answer = (await response.json()) as Record<string, unknown> & { error?: { type: string } };
  expect(answer.error?.type, JSON.stringify(answer.error)).toBe(step.expected_error_type);
  return answer;
}

function filled(text: string, answers: Answers): string {
  return text.replaceAll(/\$\{(\w+):([\w.]+)\}/g, (_match, name: string, path: string) =>
    String(path.split(".").reduce<unknown>((value, field) => (value as Answers[string])?.[field], answers[name])),
  );
}

function pairs(params: object, answers: Answers, prefix = ""): [string, string][] {
  return Object.entries(params).flatMap(([name, value]: [string, unknown]) => {
    const key = prefix === "" ? name : `${prefix}[${name}]`;
    if (typeof value === "object" && value !== null) return pairs(value, answers, key);
    return [[key, filled(String(value), answers)] as [string, string]];
  });
}
