import type Stripe from "stripe";
import { expect, test } from "vitest";
import { nextPeriodEnd } from "@/local/stripe/billing/next-period-end";
import { subscribe } from "./billing";
import { startLocalStripe } from "./local-stripe";

const day = 24 * 60 * 60 * 1000;
const dayOf = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10);

/** Ada's card is replaced by one that can be kept and not charged. */
async function breakCard(stripe: Stripe, subscription: Stripe.Subscription): Promise<void> {
  const customer = String(subscription.customer);
  const { id } = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
  await stripe.subscriptions.update(subscription.id, { default_payment_method: id });
}

test("a period that began on the 31st ends on the last day of a shorter month, and on the 31st after that", () => {
  const anchor = Date.UTC(2027, 0, 31, 12) / 1000;
  const monthly = { interval: "month", interval_count: 1 } as const;
  const ends = [1, 2, 3].reduce<number[]>((all) => [...all, nextPeriodEnd(anchor, monthly, all.at(-1) ?? anchor)], []);

  expect(ends.map(dayOf)).toEqual(["2027-02-28", "2027-03-31", "2027-04-30"]);
  expect(
    dayOf(nextPeriodEnd(Date.UTC(2028, 1, 29) / 1000, { interval: "year", interval_count: 1 }, anchor * 2)),
  ).toMatch(/-02-(28|29)$/);
  expect(dayOf(nextPeriodEnd(anchor, { interval: "week", interval_count: 2 }, anchor))).toBe("2027-02-14");
});

test("a clock moved by three months renews three times, each at its own time and paid an hour later", async () => {
  const { stripe, control } = await startLocalStripe();
  const subscription = await subscribe(stripe);
  const start = subscription.items.data[0]?.current_period_start ?? 0;

  await control("/clock", { advanceMs: 95 * day });

  const { data } = await stripe.invoices.list({ subscription: subscription.id, status: "paid" });
  const after = await stripe.subscriptions.retrieve(subscription.id);
  expect(data.map(({ billing_reason }) => billing_reason)).toEqual([
    ...Array(3).fill("subscription_cycle"),
    "subscription_create",
  ]);
  const lines = data.map(({ lines }) => lines.data[0]?.period).reverse();
  for (const [index, period] of lines.entries()) expect(period?.start).toBe(lines[index - 1]?.end ?? start);
  const [last] = data;
  expect(last?.created).toBe(lines.at(-1)?.start);
  expect(last?.status_transitions.paid_at).toBe((last?.created ?? 0) + 3600);
  expect(after.items.data[0]?.current_period_end).toBe(lines.at(-1)?.end);
  expect((await stripe.charges.list()).data.map(({ amount }) => amount)).toEqual([1500, 1500, 1500, 1500]);
});

test("a renewal that cannot be charged is tried again after 3, 5 and 7 days, and then the subscription is cancelled", async () => {
  const { stripe, control } = await startLocalStripe();
  const subscription = await subscribe(stripe);
  const end = subscription.items.data[0]?.current_period_end ?? 0;
  await breakCard(stripe, subscription);
  const read = () => stripe.subscriptions.retrieve(subscription.id, { expand: ["latest_invoice"] });

  await control("/clock", { advanceMs: end * 1000 - Date.now() + 2 * 3_600_000 });

  expect(await read()).toMatchObject({
    status: "past_due",
    latest_invoice: { status: "open", attempt_count: 1, next_payment_attempt: end + 3600 + 3 * 86_400 },
  });
  expect(await stripe.customers.retrieve(String(subscription.customer))).toMatchObject({ delinquent: true });

  await control("/clock", { advanceMs: 15 * day });

  expect(await read()).toMatchObject({
    status: "canceled",
    cancellation_details: { reason: "payment_failed" },
    ended_at: end + 3600 + 15 * 86_400,
    latest_invoice: { status: "open", attempt_count: 4, next_payment_attempt: null, auto_advance: false },
  });
  const { data } = await stripe.events.list({
    limit: 100,
    types: ["invoice.payment_failed", "customer.subscription.*"],
  });
  // What came before, events forget after 30 days.
  expect(data.map(({ type }) => type).reverse()).toEqual([
    "customer.subscription.updated",
    "invoice.payment_failed",
    "customer.subscription.updated",
    ...Array(3).fill("invoice.payment_failed"),
    "customer.subscription.deleted",
  ]);
});

test("a new card is charged at the next try, and the subscription is in order again", async () => {
  const { stripe, control } = await startLocalStripe();
  const subscription = await subscribe(stripe);
  await breakCard(stripe, subscription);
  await control("/clock", { advanceMs: 32 * day });
  const customer = String(subscription.customer);
  const { id } = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  await stripe.subscriptions.update(subscription.id, { default_payment_method: id });

  await control("/clock", { advanceMs: 3 * day });

  const after = await stripe.subscriptions.retrieve(subscription.id, { expand: ["latest_invoice"] });
  expect(after).toMatchObject({ status: "active", latest_invoice: { status: "paid", attempt_count: 2 } });
  expect(await stripe.customers.retrieve(customer)).toMatchObject({ delinquent: false });
});

test("an account may leave what it cannot collect unpaid: later invoices stay drafts, and paying the last one helps", async () => {
  const { stripe, control } = await startLocalStripe();
  await control("/retries", { retryAfterDays: [1], afterwards: "mark_unpaid" });
  const subscription = await subscribe(stripe);
  await breakCard(stripe, subscription);

  await control("/clock", { advanceMs: 63 * day });

  const unpaid = await stripe.subscriptions.retrieve(subscription.id, { expand: ["latest_invoice"] });
  expect(unpaid).toMatchObject({ status: "unpaid", latest_invoice: { status: "draft", auto_advance: false } });
  const { id } = await stripe.paymentMethods.attach("pm_card_visa", { customer: String(subscription.customer) });
  await stripe.invoices.pay((unpaid.latest_invoice as Stripe.Invoice).id, { payment_method: id });
  expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({ status: "active" });
});

test("renewals go on where they were after a restart", async () => {
  const first = await startLocalStripe();
  const subscription = await subscribe(first.stripe);
  // Longer than any month, and than the hour after which an invoice is paid; two of it are shorter than three months.
  await first.control("/clock", { advanceMs: 32 * day });
  await first.close();

  const second = await startLocalStripe({ stateDir: first.stateDir });
  await second.control("/clock", { advanceMs: 32 * day });

  expect((await second.stripe.invoices.list({ subscription: subscription.id, status: "paid" })).data).toHaveLength(3);
});

test("the subscriptions of a customer who is deleted end, and nothing renews", async () => {
  const { stripe, control } = await startLocalStripe();
  const subscription = await subscribe(stripe);

  await stripe.customers.del(String(subscription.customer));
  await control("/clock", { advanceMs: 32 * day });

  expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({ status: "canceled" });
  expect((await stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(1);
});
