import type Stripe from "stripe";
import { expect, test } from "vitest";
import { refill, subscribe } from "./billing";
import { type LocalStripe, startLocalStripe } from "./local-stripe";

const day = 24 * 60 * 60 * 1000;

/** What happened, oldest first. */
async function told(stripe: Stripe, types = /^(invoice|customer\.subscription)\./): Promise<string[]> {
  const { data } = await stripe.events.list({ limit: 100 });
  return data
    .map(({ type }) => type)
    .filter((type) => types.test(type))
    .reverse();
}

const statusOf = async ({ stripe }: LocalStripe, { id }: { id: string }) =>
  (await stripe.subscriptions.retrieve(id)).status;

/** The payment that the first invoice of a subscription waits for. */
async function firstIntent(stripe: Stripe, subscription: Stripe.Subscription): Promise<Stripe.PaymentIntent> {
  const { data } = await stripe.invoicePayments.list({
    invoice: String(subscription.latest_invoice),
    expand: ["data.payment.payment_intent"],
  });
  return data[0]?.payment.payment_intent as Stripe.PaymentIntent;
}

test("a subscription begins with an invoice that is paid, and is told of in Stripe's order", async () => {
  const { stripe } = await startLocalStripe();

  const subscription = await subscribe(stripe, {
    metadata: { plan: "refill" },
    payment_settings: { save_default_payment_method: "on_subscription" },
    expand: ["latest_invoice.payments"],
  });

  const [item] = subscription.items.data;
  const next = new Date((item?.current_period_start ?? 0) * 1000);
  next.setUTCMonth(next.getUTCMonth() + 1);
  expect(subscription).toMatchObject({
    status: "active",
    metadata: { plan: "refill" },
    cancel_at_period_end: false,
    default_payment_method: expect.stringMatching(/^pm_/),
  });
  expect(item?.current_period_end).toBe(next.getTime() / 1000);
  expect(subscription.latest_invoice).toMatchObject({
    status: "paid",
    amount_paid: 1500,
    billing_reason: "subscription_create",
    number: expect.stringMatching(/-0001$/),
    parent: { subscription_details: { subscription: subscription.id, metadata: { plan: "refill" } } },
    lines: { data: [{ amount: 1500, description: "1 × Sandpaper (at €15.00 / month)" }] },
    payments: { data: [{ status: "paid", amount_paid: 1500 }] },
  });
  expect(await told(stripe)).toEqual([
    "customer.subscription.created",
    "invoice.created",
    "invoice.finalized",
    "invoice.updated",
    "invoice.paid",
    "invoice.payment_succeeded",
  ]);
  const created = await stripe.events.list({ type: "customer.subscription.created" });
  expect(created.data[0]?.data.object).toMatchObject({ status: "active" });
});

test("a request repeated under its key begins one subscription and charges once", async () => {
  const { stripe } = await startLocalStripe();
  const { customer, price } = await refill(stripe);
  const params = { customer: customer.id, items: [{ price: price.id }] };

  const [one, two] = [
    await stripe.subscriptions.create(params, { idempotencyKey: "refill-1" }),
    await stripe.subscriptions.create(params, { idempotencyKey: "refill-1" }),
  ];

  expect(two.id).toBe(one.id);
  expect((await stripe.charges.list()).data).toHaveLength(1);
});

test("a declined first payment leaves it incomplete, and another card completes it", async () => {
  const local = await startLocalStripe();
  const { stripe } = local;
  const subscription = await subscribe(stripe, { card: "pm_card_chargeCustomerFail" });
  expect(subscription.status).toBe("incomplete");
  const intent = await firstIntent(stripe, subscription);

  await stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_visa" });

  expect(await statusOf(local, subscription)).toBe("active");
  expect((await told(stripe)).slice(-4)).toEqual([
    "invoice.updated",
    "invoice.paid",
    "invoice.payment_succeeded",
    "customer.subscription.updated",
  ]);
});

test("an incomplete subscription expires after 23 hours, with its invoice", async () => {
  const local = await startLocalStripe();
  const subscription = await subscribe(local.stripe, { card: "pm_card_chargeCustomerFail" });

  await local.control("/clock", { advanceMs: day });

  expect(await statusOf(local, subscription)).toBe("incomplete_expired");
  const invoice = await local.stripe.invoices.retrieve(String(subscription.latest_invoice), { expand: ["payments"] });
  expect(invoice).toMatchObject({ status: "void", payments: { data: [{ status: "canceled" }] } });
});

test("with error_if_incomplete a declined card begins nothing at all", async () => {
  const { stripe } = await startLocalStripe();

  const begun = subscribe(stripe, { card: "pm_card_chargeCustomerFail", payment_behavior: "error_if_incomplete" });

  await expect(begun).rejects.toMatchObject({ type: "StripeCardError", statusCode: 402, code: "card_declined" });
  expect((await stripe.subscriptions.list({ status: "all" })).data).toEqual([]);
  expect((await stripe.invoices.list()).data).toEqual([]);
});

test("with default_incomplete nothing is charged before the shopper confirms, and the card is kept for renewals", async () => {
  const local = await startLocalStripe();
  const { stripe } = local;
  const { price } = await refill(stripe);
  const cardless = await stripe.customers.create({ email: "bob@example.com" });
  const subscription = await stripe.subscriptions.create({
    customer: cardless.id,
    items: [{ price: price.id }],
    payment_behavior: "default_incomplete",
    payment_settings: { save_default_payment_method: "on_subscription" },
    expand: ["latest_invoice.confirmation_secret"],
  });
  const invoice = subscription.latest_invoice as Stripe.Invoice;
  const intentId = invoice.confirmation_secret?.client_secret.split("_secret")[0] ?? "";
  expect([subscription.status, invoice.status, invoice.attempted]).toEqual(["incomplete", "open", false]);

  await stripe.paymentIntents.confirm(intentId, { payment_method: "pm_card_visa" });

  const active = await stripe.subscriptions.retrieve(subscription.id, { expand: ["default_payment_method"] });
  expect(active).toMatchObject({ status: "active", default_payment_method: { customer: cardless.id } });
});

test("a first payment that asks for its holder waits for the challenge, and the renewal needs none", async () => {
  const local = await startLocalStripe();
  const { stripe } = local;
  const subscription = await subscribe(stripe, { card: "pm_card_authenticationRequiredOnSetup" });
  const intent = await firstIntent(stripe, subscription);
  expect([subscription.status, intent.status]).toEqual(["incomplete", "requires_action"]);
  expect(await told(stripe)).toContain("invoice.payment_action_required");

  const answered = await fetch(intent.next_action?.redirect_to_url?.url ?? "", {
    method: "POST",
    body: new URLSearchParams({ answer: "complete" }),
  });
  expect(answered.status).toBe(200);
  expect(await statusOf(local, subscription)).toBe("active");

  await local.control("/clock", { advanceMs: 32 * day });
  expect((await stripe.invoices.list({ status: "paid" })).data).toHaveLength(2);
});

test("what nothing can pay for is not begun", async () => {
  const { stripe } = await startLocalStripe();
  const { price } = await refill(stripe);
  const cardless = await stripe.customers.create({});
  const once = await stripe.prices.create({ currency: "eur", unit_amount: 500, product: String(price.product) });
  const items = [{ price: price.id }];

  await expect(stripe.subscriptions.create({ customer: cardless.id, items })).rejects.toMatchObject({
    code: "resource_missing",
    message: expect.stringMatching(/no attached payment source or default payment method/),
  });
  await expect(stripe.subscriptions.create({ customer: cardless.id, items: [{ price: once.id }] })).rejects.toThrow(
    /only accepts prices with `type=recurring`/,
  );
  await expect(
    stripe.subscriptions.create({ customer: cardless.id, items, default_payment_method: "pm_card_visa" }),
  ).rejects.toThrow(/must be attached to the customer/);
});

test("a trial costs nothing, is warned of three days ahead, and is charged an hour after it ended", async () => {
  const local = await startLocalStripe();
  const { stripe, control } = local;
  const subscription = await subscribe(stripe, { trial_period_days: 10, expand: ["latest_invoice"] });
  expect(subscription).toMatchObject({ status: "trialing", latest_invoice: { status: "paid", amount_due: 0 } });

  await control("/clock", { advanceMs: 6 * day });
  expect(await told(stripe)).not.toContain("customer.subscription.trial_will_end");
  await control("/clock", { advanceMs: day + 1000 });
  expect(await told(stripe)).toContain("customer.subscription.trial_will_end");
  await control("/clock", { advanceMs: 3 * day });
  expect((await stripe.charges.list()).data).toEqual([]);
  expect(await statusOf(local, subscription)).toBe("active");

  await control("/clock", { advanceMs: 3_600_000 });
  expect((await stripe.charges.list()).data).toMatchObject([{ amount: 1500, paid: true }]);
});

test("one cancelled at its period's end lives until then; one cancelled now is over", async () => {
  const local = await startLocalStripe();
  const { stripe, control } = local;
  const [later, now, kept] = [await subscribe(stripe), await subscribe(stripe), await subscribe(stripe)];
  const end = later.items.data[0]?.current_period_end;

  await stripe.subscriptions.update(later.id, { cancel_at_period_end: true });
  await stripe.subscriptions.update(kept.id, { cancel_at_period_end: true });
  await stripe.subscriptions.update(kept.id, { cancel_at_period_end: false });
  const ended = await stripe.subscriptions.cancel(now.id, { cancellation_details: { feedback: "unused" } });

  expect(ended).toMatchObject({ status: "canceled", cancellation_details: { feedback: "unused" } });
  await expect(stripe.subscriptions.cancel(now.id)).rejects.toMatchObject({ code: "resource_missing" });
  expect(await stripe.subscriptions.retrieve(later.id)).toMatchObject({ status: "active", cancel_at: end });
  await control("/clock", { advanceMs: 32 * day });
  expect(await stripe.subscriptions.retrieve(later.id)).toMatchObject({ status: "canceled", ended_at: end });
  expect(await statusOf(local, kept)).toBe("active");
  expect((await stripe.subscriptions.list()).data.map(({ id }) => id)).toEqual([kept.id]);
  expect((await stripe.invoices.list({ subscription: later.id })).data).toHaveLength(1);
});

test("more of an item counts from the next period on; what would have to be prorated is refused", async () => {
  const local = await startLocalStripe();
  const { stripe, control } = local;
  const subscription = await subscribe(stripe);
  const item = { id: subscription.items.data[0]?.id ?? "", quantity: 3 };

  await expect(stripe.subscriptions.update(subscription.id, { items: [item] })).rejects.toThrow(
    /computes no prorations/,
  );
  await stripe.subscriptions.update(subscription.id, { items: [item], proration_behavior: "none" });
  await control("/clock", { advanceMs: 32 * day });

  const { data } = await stripe.invoices.list({ subscription: subscription.id });
  expect(data.map(({ amount_paid }) => amount_paid)).toEqual([4500, 1500]);
});
