import type Stripe from "stripe";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { POST } from "@/app/api/webhooks/stripe/route";
import { audit } from "@/audit/audit";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { reconcileStripe } from "@/lib/reconcile/reconcile-stripe";
import { applyObjectEvents } from "@/lib/webhooks/apply-object-events";
import { stripeDashboard } from "@/tests/integration/orders/shop";
import { runBackground } from "@/tests/integration/reconcile/background";
import { serveWebhooks } from "@/tests/integration/trigger/webhook-receiver";
import { refill, subscribe } from "@/tests/local/stripe/billing";
import { follow, recipeOf } from "@/tests/local/stripe/recipe";
import { startWorld, type World } from "@/tests/support/world";

// `after` works only inside a request that Next serves; what it would do is done by hand here.
vi.mock("next/server", () => ({ after: () => undefined }));

let world: World<"stripe">;
let webhooks: Awaited<ReturnType<typeof serveWebhooks>>;
const day = 24 * 60 * 60 * 1000;

beforeAll(async () => {
  webhooks = await serveWebhooks(POST, async () => {});
  world = await startWorld({ stripe: true, webhookUrl: webhooks.url });
  await control("/webhooks", { duplicates: 1, shuffleWithinMs: 100 });
});

// What lives on would renew with the next test's clock.
afterEach(async () => {
  const { data } = await stripeDashboard().subscriptions.list();
  for (const { id } of data) await stripeDashboard().subscriptions.cancel(id);
});

afterAll(async () => {
  await world?.close();
  webhooks?.close();
});

async function control(path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${world.stripe.url}/_local${path}`, { method: "POST", body: JSON.stringify(body) });
  expect(answer.status, await answer.clone().text()).toBe(200);
  return answer.json() as Promise<Record<string, unknown>>;
}

/** Ada subscribes; the store knows of it before it hears anything. */
async function subscribed(): Promise<Stripe.Subscription> {
  await control("/webhooks", { paused: true });
  const subscription = await subscribe(stripeDashboard());
  await db().subscription.create({
    data: { id: newId("subscription"), stripeSubscriptionId: subscription.id, email: "ada@example.com" },
  });
  await control("/webhooks", { paused: false });
  return subscription;
}

/** Every event that Stripe has told of these objects is in and applied, each object's events one after the other. */
async function heard(...expected: [type: string, objectId: string][]): Promise<void> {
  await vi.waitFor(
    async () => {
      for (const [type, objectId] of expected) await db().stripeEvent.findFirstOrThrow({ where: { type, objectId } });
    },
    { timeout: 20_000, interval: 20 },
  );
  const waiting = await db().stripeEvent.findMany({ where: { status: "received" }, distinct: ["objectId"] });
  for (const { objectId } of waiting) if (objectId) await applyObjectEvents({ objectId, now: new Date() });
}

const stored = (subscription: Stripe.Subscription) =>
  db().subscription.findUniqueOrThrow({
    where: { stripeSubscriptionId: subscription.id },
    include: { invoices: { orderBy: { createdAt: "asc" } } },
  });

const atStripe = (subscription: Stripe.Subscription) =>
  stripeDashboard().subscriptions.retrieve(subscription.id, { expand: ["latest_invoice"] });

/** The card is lost, and another one is used that can be kept and not charged. */
async function replaceCard(subscription: Stripe.Subscription, card: string): Promise<void> {
  const stripe = stripeDashboard();
  const { id } = await stripe.paymentMethods.attach(card, { customer: String(subscription.customer) });
  await stripe.subscriptions.update(subscription.id, { default_payment_method: id });
}

test("renewals whose webhooks were lost for four days are made up by one cycle, and nobody is asked about their money", async () => {
  await control("/webhooks", { paused: true });
  const stripe = stripeDashboard();
  const { customer, price } = await refill(stripe, "pm_card_visa", { recurring: { interval: "day" } });
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  await db().subscription.create({
    data: { id: newId("subscription"), stripeSubscriptionId: subscription.id, email: "ada@example.com" },
  });
  const { now } = await control("/clock", { advanceMs: 4 * day - 60_000 });

  const reconciled = await reconcileStripe({ now: new Date(String(now)) });
  await runBackground(new Date(String(now)));

  expect(reconciled).toMatchObject({ raised: 0, failed: 0, finished: true });
  const { invoices, currentPeriodEndAt } = await stored(subscription);
  expect(invoices.map(({ status, amount }) => [status, amount])).toEqual(Array(4).fill(["paid", 1500]));
  const [item] = (await stripe.subscriptions.retrieve(subscription.id)).items.data;
  expect(currentPeriodEndAt).toEqual(new Date((item?.current_period_end ?? 0) * 1000));
  await control("/webhooks", { paused: false });
}, 60_000);

test("the first payment and the renewal a month later are noted, whatever the order they are told in", async () => {
  const subscription = await subscribed();
  const first = String(subscription.latest_invoice);
  await heard(["invoice.paid", first], ["invoice.payment_succeeded", first]);
  expect((await stored(subscription)).invoices).toMatchObject([
    { stripeInvoiceId: first, status: "paid", amount: 1500, currency: "EUR" },
  ]);

  await control("/clock", { advanceMs: 32 * day });
  const renewed = await atStripe(subscription);
  const { id } = renewed.latest_invoice as Stripe.Invoice;
  await heard(["invoice.paid", id], ["invoice.payment_succeeded", id], ["customer.subscription.updated", renewed.id]);

  expect(id).not.toBe(first);
  expect(await stored(subscription)).toMatchObject({
    status: "active",
    currentPeriodEndAt: new Date((renewed.items.data[0]?.current_period_end ?? 0) * 1000),
    invoices: [{ stripeInvoiceId: first }, { stripeInvoiceId: id, status: "paid", amount: 1500 }],
  });
}, 60_000);

test("a renewal that fails puts the subscription in arrears; paid at the next try it is in order again", async () => {
  const subscription = await subscribed();
  await replaceCard(subscription, "pm_card_chargeCustomerFail");
  await control("/clock", { advanceMs: 32 * day });
  const { id } = (await atStripe(subscription)).latest_invoice as Stripe.Invoice;
  await heard(["invoice.payment_failed", id], ["invoice.paid", String(subscription.latest_invoice)]);
  expect(await stored(subscription)).toMatchObject({ status: "past_due" });
  expect(await db().subscriptionInvoice.findUnique({ where: { stripeInvoiceId: id } })).toMatchObject({
    status: "failed",
  });

  await replaceCard(subscription, "pm_card_visa");
  await control("/clock", { advanceMs: 4 * day });
  await heard(["invoice.paid", id]);

  expect(await stored(subscription)).toMatchObject({ status: "active" });
  expect(await db().subscriptionInvoice.findUnique({ where: { stripeInvoiceId: id } })).toMatchObject({
    status: "paid",
    paidAt: expect.any(Date),
  });
}, 60_000);

test("a subscription whose renewal failed at every try is cancelled here as at Stripe", async () => {
  const subscription = await subscribed();
  await replaceCard(subscription, "pm_card_chargeCustomerFail");

  await control("/clock", { advanceMs: 50 * day });
  const { id, attempt_count: tries } = (await atStripe(subscription)).latest_invoice as Stripe.Invoice;
  await heard(
    ["invoice.payment_failed", id],
    ["customer.subscription.deleted", subscription.id],
    ["invoice.paid", String(subscription.latest_invoice)],
  );

  expect(tries).toBe(4);
  expect(await stored(subscription)).toMatchObject({ status: "canceled", canceledAt: expect.any(Date) });
  expect(await db().subscriptionInvoice.findUnique({ where: { stripeInvoiceId: id } })).toMatchObject({
    status: "failed",
  });
}, 60_000);

test("one that ends with its period is alive until then", async () => {
  const subscription = await subscribed();
  await stripeDashboard().subscriptions.update(subscription.id, { cancel_at_period_end: true });
  await heard(["customer.subscription.updated", subscription.id]);
  expect(await stored(subscription)).toMatchObject({ status: "active" });

  await control("/clock", { advanceMs: 32 * day });
  await heard(["customer.subscription.deleted", subscription.id]);

  expect(await stored(subscription)).toMatchObject({ status: "canceled" });
}, 60_000);

test.skipIf(recipeOf("invoice.paid") === undefined).each(["invoice.paid", "invoice.payment_failed"])(
  "the recipe of Stripe's CLI for %s arrives; its invoice is of no subscription, so that nothing comes of it",
  async (type) => {
    const stripe = { url: world.stripe.url, secretKey: process.env.STRIPE_SECRET_KEY ?? "" };
    const { invoice } = await follow(recipeOf(type) ?? "", stripe);
    const objectId = String(invoice?.id);

    await heard([type, objectId]);

    expect(await db().stripeEvent.findFirst({ where: { type, objectId } })).toMatchObject({ status: "ignored" });
    expect(await db().subscriptionInvoice.count({ where: { stripeInvoiceId: objectId } })).toBe(0);
  },
);

test("of all that, the audit finds nothing wrong", async () => {
  const stripe = { key: process.env.STRIPE_SECRET_KEY ?? "", url: world.stripe.url };
  const { data } = await stripeDashboard().invoices.list({ status: "paid", limit: 100 });
  await heard(...data.map(({ id }): [string, string] => ["invoice.paid", id]));

  const { invariants } = await audit({ databaseUrl: process.env.DATABASE_URL ?? "", stripe });

  // The sixth is about runs, and nothing runs tasks here.
  expect(invariants.slice(0, 5).map(({ violations }) => violations)).toEqual([0, 0, 0, 0, 0]);
  const ours = data.filter(({ parent }) => parent?.subscription_details);
  const money = `${15 * ours.length}.00 EUR`;
  expect(invariants[2]?.counted).toContain(`, ${money} here and ${money} there`);
}, 60_000);
