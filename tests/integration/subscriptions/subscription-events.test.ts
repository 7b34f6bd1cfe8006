import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { verifyStripeEvent } from "@/lib/payments/verify-stripe-event";
import { handleStripeEvent } from "@/lib/webhooks/handle-stripe-event";
import { receiveStripeEvent } from "@/lib/webhooks/receive-stripe-event";
import { startWorld, type World } from "@/tests/support/world";

let world: World<"stripe">;
const now = new Date();
const paidAt = 1_795_000_000;
const periodEnd = 1_797_600_000;

beforeAll(async () => {
  world = await startWorld({ stripe: true });
});

afterAll(() => world.close());

/** Ada's refills of sandpaper, as the store and Stripe know them. */
async function refills(status: "active" | "past_due" = "active"): Promise<string> {
  const id = newId("subscription");
  const stripeSubscriptionId = `sub_${id}`;
  await db().subscription.create({ data: { id, stripeSubscriptionId, email: "ada@example.com", status } });
  return stripeSubscriptionId;
}

const subscription = (id: string, status: string) => ({
  id,
  object: "subscription",
  status,
  canceled_at: status === "canceled" ? paidAt : null,
  items: { object: "list", data: [{ current_period_end: periodEnd }] },
});

const invoice = (id: string, subscriptionId: string, status: "paid" | "open") => ({
  id,
  object: "invoice",
  status,
  attempted: true,
  currency: "eur",
  amount_due: 1500,
  amount_paid: status === "paid" ? 1500 : 0,
  status_transitions: { paid_at: status === "paid" ? paidAt : null },
  parent: { type: "subscription_details", subscription_details: { subscription: subscriptionId } },
});

/** Stripe has this object from now on. */
async function plant(object: object): Promise<void> {
  const answer = await fetch(`${world.stripe.url}/_local/plant`, { method: "POST", body: JSON.stringify({ object }) });
  expect(answer.status).toBe(200);
}

/** Comes in as a signed body, is kept, and is handled. */
async function tell(type: string, object: { id: string }) {
  const payload = JSON.stringify({
    id: `evt_${newId("outbox")}`,
    object: "event",
    type,
    created: paidAt,
    data: { object },
  });
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: "whsec_local_tests" });
  const event = verifyStripeEvent(payload, signature);
  await receiveStripeEvent(event);
  return handleStripeEvent({ eventId: event.id, now });
}

const stored = (stripeSubscriptionId: string) =>
  db().subscription.findUniqueOrThrow({ where: { stripeSubscriptionId }, include: { invoices: true } });

test.each(["invoice.paid", "invoice.payment_succeeded"])(
  "%s notes the invoice as paid, with its money",
  async (type) => {
    const sub = await refills("past_due");
    const paid = invoice(`in_${type}`, sub, "paid");
    await plant(paid);
    await plant(subscription(sub, "active"));

    expect(await tell(type, paid)).toEqual({ processed: true, type });

    expect(await stored(sub)).toMatchObject({
      status: "active",
      currentPeriodEndAt: new Date(periodEnd * 1000),
      invoices: [
        {
          stripeInvoiceId: `in_${type}`,
          status: "paid",
          amount: 1500,
          currency: "EUR",
          paidAt: new Date(paidAt * 1000),
        },
      ],
    });
  },
);

test("a renewal that fails puts the subscription in arrears", async () => {
  const sub = await refills();
  const failed = invoice("in_failed", sub, "open");
  await plant(failed);
  await plant(subscription(sub, "past_due"));

  await tell("invoice.payment_failed", failed);

  expect(await stored(sub)).toMatchObject({ status: "past_due", invoices: [{ status: "failed", paidAt: null }] });
});

test("failure and success told in the wrong order, twice and together come out as Stripe has them: paid, one row", async () => {
  const sub = await refills();
  await plant(invoice("in_race", sub, "paid"));
  await plant(subscription(sub, "active"));

  const failed = invoice("in_race", sub, "open");
  const paid = invoice("in_race", sub, "paid");
  await tell("invoice.paid", paid);
  await Promise.allSettled([
    tell("invoice.payment_failed", failed),
    tell("invoice.payment_succeeded", paid),
    tell("invoice.payment_failed", failed),
  ]);

  expect(await stored(sub)).toMatchObject({ status: "active", invoices: [{ status: "paid" }] });
});

test("what was paid stays paid even where only the messages are left", async () => {
  const sub = await refills();

  await tell("invoice.paid", invoice("in_gone", sub, "paid"));
  await tell("invoice.payment_failed", invoice("in_gone", sub, "open"));

  expect((await stored(sub)).invoices).toMatchObject([{ status: "paid", amount: 1500 }]);
});

test("the end of a subscription is final, whatever is told after it", async () => {
  const sub = await refills();
  await plant(subscription(sub, "canceled"));

  await tell("customer.subscription.deleted", subscription(sub, "canceled"));
  await tell("customer.subscription.deleted", subscription(sub, "canceled"));
  await tell("invoice.paid", invoice("in_last", sub, "paid"));

  expect(await stored(sub)).toMatchObject({ status: "canceled", canceledAt: new Date(paidAt * 1000) });
});

test("a change that no invoice tells of is followed too, and one that Stripe cannot show changes nothing", async () => {
  const type = "customer.subscription.updated";
  const [shown, gone] = [await refills(), await refills()];
  await plant(subscription(shown, "unpaid"));

  expect(await tell(type, subscription(shown, "active"))).toEqual({ processed: true, type });
  expect(await tell(type, subscription(gone, "canceled"))).toMatchObject({ processed: false });

  expect(await stored(shown)).toMatchObject({ status: "past_due", currentPeriodEndAt: new Date(periodEnd * 1000) });
  expect((await stored(gone)).status).toBe("active");
});

test("a subscription that Stripe does not show any more ends by its signed message", async () => {
  const sub = await refills();

  expect(await tell("customer.subscription.deleted", subscription(sub, "canceled"))).toMatchObject({ processed: true });

  expect((await stored(sub)).status).toBe("canceled");
});

test("subscriptions and invoices that are not ours are ignored", async () => {
  const before = await db().subscriptionInvoice.count();

  expect(await tell("invoice.paid", invoice("in_foreign", "sub_foreign", "paid"))).toMatchObject({ processed: false });
  expect(await tell("customer.subscription.deleted", { id: "sub_foreign" })).toMatchObject({ processed: false });

  expect(await db().subscriptionInvoice.count()).toBe(before);
});
