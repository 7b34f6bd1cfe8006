import { readFileSync } from "node:fs";
import { queues, runs } from "@trigger.dev/sdk";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { POST } from "@/app/api/webhooks/stripe/route";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { relayOutbox } from "@/lib/outbox/relay-outbox";
import { reviveMessages } from "@/lib/outbox/revive-messages";
import { listDeadRuns } from "@/lib/runs/list-dead-runs";
import { handledEventTypes } from "@/lib/webhooks/event-handlers";
import type { WorkerHost } from "@/local/trigger/worker/host";
import { cards, order, pay, readOrder, shelve, stripeDashboard } from "@/tests/integration/orders/shop";
import { follow, recipeOf } from "@/tests/local/stripe/recipe";
import { sharedData } from "@/tests/support/shared-data";
import { startWorld, type World } from "@/tests/support/world";
import { serveWebhooks } from "./webhook-receiver";
import { startStoreWorker } from "./worker";

// `after` works only inside a request that Next serves; the receiver does what it would.
vi.mock("next/server", () => ({ after: () => undefined }));

let world: World<"stripe" | "carrier" | "s3" | "resend" | "trigger">;
let worker: WorkerHost;
let webhooks: Awaited<ReturnType<typeof serveWebhooks>>;

beforeAll(async () => {
  webhooks = await serveWebhooks(POST);
  world = await startWorld({
    stripe: true,
    carrier: true,
    s3: true,
    resend: true,
    trigger: true,
    webhookUrl: webhooks.url,
  });
  worker = await startStoreWorker();
}, 120_000);

afterAll(async () => {
  await worker?.close();
  await world?.close();
  webhooks?.close();
});

const eventually = <Value>(look: () => Promise<Value>) => vi.waitFor(look, { timeout: 60_000, interval: 100 });

const control = async (path: string, body: object) => {
  const answer = await fetch(`${world.stripe.url}/_local${path}`, { method: "POST", body: JSON.stringify(body) });
  expect(answer.status, await answer.clone().text()).toBe(200);
  return answer.json();
};

/** The event came in by the route, and its runs are over; answers what became of it. */
const settled = (type: string, objectId: string) =>
  eventually(async () => {
    const event = await db().stripeEvent.findFirstOrThrow({ where: { type, objectId, status: { not: "received" } } });
    const asked = await db().outboxMessage.findUniqueOrThrow({ where: { key: `stripe-event:${event.id}` } });
    const run = await runs.retrieve(asked.runId ?? "");
    expect(run.status).toBe("COMPLETED");
    return { status: event.status, output: run.output };
  });

const stripeOf = () => ({ url: world.stripe.url, secretKey: "sk_test_local_tests" });

test("an event told four times over comes in once, and a paid order goes all the way to its parcel", async () => {
  await control("/webhooks", { duplicates: 3, shuffleWithinMs: 300 });
  const placed = await order([await shelve("Mug", 1)]);

  await pay(placed);

  await eventually(async () => expect(await readOrder(placed.orderId)).toMatchObject({ status: "fulfilling" }));
  const stored = await readOrder(placed.orderId);
  expect(stored.events.map(({ kind }) => kind)).toEqual(["place", "authorize", "confirm", "fulfil"]);
  const objectId = stored.payments[0]?.sessionId ?? "";
  expect(await settled("checkout.session.completed", objectId)).toEqual({
    status: "handled",
    output: { processed: true, type: "checkout.session.completed" },
  });
  expect(await db().stripeEvent.count({ where: { objectId, type: "checkout.session.completed" } })).toBe(1);
  // One child worked on the object, under its key; it bears the tags of what asked for it.
  await eventually(async () => {
    const children = await runs.list({ taskIdentifier: "apply-checkout-events" });
    expect(children.data.filter(({ status }) => status !== "COMPLETED")).toEqual([]);
    const asked = await db().outboxMessage.findFirstOrThrow({ where: { name: "stripe-event.received" } });
    expect(children.data[0]?.tags).toContain(asked.id);
  });
  await control("/webhooks", { duplicates: 0, shuffleWithinMs: 0 });
}, 120_000);

test("an event whose child was cancelled is applied after the next sweep", async () => {
  const queue = { type: "task", name: "apply-checkout-events" } as const;
  await queues.pause(queue);
  const placed = await order([await shelve("Mug", 1)]);
  await pay(placed);
  const child = await eventually(async () => {
    const { data } = await runs.list({ taskIdentifier: queue.name, status: "QUEUED" });
    if (!data[0]) throw new Error("There is no child yet");
    return data[0];
  });
  await runs.cancel(child.id);
  await queues.resume(queue);
  expect(await readOrder(placed.orderId)).toMatchObject({ status: "pending", paymentStatus: "unpaid" });

  const now = new Date();
  expect(await reviveMessages({ runs: await listDeadRuns({ now }), now })).toBe(1);
  await relayOutbox({ now: new Date() });

  await eventually(async () => expect(await readOrder(placed.orderId)).toMatchObject({ status: "fulfilling" }));
}, 120_000);

/** The recipes know nothing of our orders: one of ours is given the page that the recipe makes. */
async function withOrder(recipe: string): Promise<{ orderId: string; sessionId: string }> {
  const { orderId } = await order([await shelve("Mug", 1)]);
  let sessionId = "";
  await follow(recipe, stripeOf(), async (name, answer) => {
    if (name !== "checkout_session") return;
    sessionId = String(answer.id);
    await db().payment.updateMany({ where: { orderId }, data: { sessionId } });
  });
  return { orderId, sessionId };
}

const hasRecipes = recipeOf("checkout.session.completed") !== undefined;

test.skipIf(!hasRecipes)(
  "the recipe for checkout.session.completed has its order's payment noted",
  async () => {
    const type = "checkout.session.completed";
    const { orderId, sessionId } = await withOrder(recipeOf(type) ?? "");

    expect(await settled(type, sessionId)).toMatchObject({ status: "handled", output: { processed: true, type } });

    const { payments } = await db().order.findUniqueOrThrow({ where: { id: orderId }, include: { payments: true } });
    expect(payments[0]?.paymentIntentId).toMatch(/^pi_/);
  },
  120_000,
);

test.skipIf(!hasRecipes)(
  "the recipe for checkout.session.expired ends its order",
  async () => {
    const type = "checkout.session.expired";
    const { orderId, sessionId } = await withOrder(recipeOf(type) ?? "");

    expect(await settled(type, sessionId)).toMatchObject({ status: "handled", output: { processed: true, type } });

    expect(await db().order.findUniqueOrThrow({ where: { id: orderId } })).toMatchObject({ status: "expired" });
  },
  120_000,
);

const samples = sharedData("stripe-fixtures3.json");

/** Stripe's own sample objects, as they are but for what makes them ours. */
function sample(kind: "invoice" | "subscription", changes: object): { id: string } {
  const { resources } = JSON.parse(readFileSync(samples ?? "", "utf8")) as { resources: Record<string, object> };
  return { ...resources[kind], id: `${kind === "invoice" ? "in" : "sub"}_${newId("outbox")}`, ...changes };
}

async function subscribed(): Promise<string> {
  const id = newId("subscription");
  await db().subscription.create({ data: { id, stripeSubscriptionId: `sub_${id}`, email: "ada@example.com" } });
  return `sub_${id}`;
}

const paidAt = 1_795_000_000;
const parentOf = (subscription: string) => ({
  type: "subscription_details",
  subscription_details: { metadata: {}, subscription },
});

test.skipIf(!samples)(
  "invoice.payment_failed about Stripe's sample invoice is noted",
  async () => {
    const type = "invoice.payment_failed";
    const sub = await subscribed();
    const invoice = sample("invoice", { status: "open", attempted: true, parent: parentOf(sub) });
    await control("/plant", { object: invoice });
    await control("/plant", { object: sample("subscription", { id: sub, status: "past_due" }) });

    await control("/events", { type, object: invoice });

    expect(await settled(type, invoice.id)).toMatchObject({ status: "handled", output: { processed: true, type } });
    expect(await readSubscription(sub)).toMatchObject({
      status: "past_due",
      invoices: [{ stripeInvoiceId: invoice.id, status: "failed", amount: 1000 }],
    });
  },
  120_000,
);

const readSubscription = (stripeSubscriptionId: string) =>
  db().subscription.findUniqueOrThrow({ where: { stripeSubscriptionId }, include: { invoices: true } });

/** The recipes know nothing of our subscriptions: what a recipe makes is one of ours before anything is told of it. */
async function withSubscription(recipe: string): Promise<{ id: string; invoiceId: string }> {
  await control("/webhooks", { paused: true, duplicates: 1, shuffleWithinMs: 300 });
  const { subscription } = await follow(recipe, stripeOf());
  const [id, invoiceId] = [String(subscription?.id), String(subscription?.latest_invoice)];
  await db().subscription.create({
    data: { id: newId("subscription"), stripeSubscriptionId: id, email: "ada@example.com" },
  });
  await control("/webhooks", { paused: false });
  return { id, invoiceId };
}

test.skipIf(!hasRecipes)(
  "the recipe for customer.subscription.updated has its first invoice noted as paid, told twice and in any order",
  async () => {
    const { id, invoiceId } = await withSubscription(recipeOf("customer.subscription.updated") ?? "");

    for (const [type, objectId] of [
      ["invoice.paid", invoiceId],
      ["invoice.payment_succeeded", invoiceId],
      ["customer.subscription.updated", id],
    ] as const)
      expect(await settled(type, objectId)).toMatchObject({ status: "handled", output: { processed: true, type } });

    expect(await readSubscription(id)).toMatchObject({
      status: "active",
      currentPeriodEndAt: expect.any(Date),
      invoices: [{ stripeInvoiceId: invoiceId, status: "paid", amount: 1500, currency: "USD" }],
    });
  },
  120_000,
);

test.skipIf(!hasRecipes)(
  "the recipe for customer.subscription.deleted ends its subscription",
  async () => {
    const type = "customer.subscription.deleted";
    const { id } = await withSubscription(recipeOf(type) ?? "");

    expect(await settled(type, id)).toMatchObject({ status: "handled", output: { processed: true, type } });

    expect(await readSubscription(id)).toMatchObject({ status: "canceled", canceledAt: expect.any(Date) });
  },
  120_000,
);

test.skipIf(!samples)(
  "of five events about one object one run at a time works on it, and all are applied",
  async () => {
    const sub = await subscribed();
    const paid = { status: "paid", amount_paid: 1000, status_transitions: { paid_at: paidAt } };
    const invoice = sample("invoice", { ...paid, parent: parentOf(sub) });
    await control("/plant", { object: invoice });
    await control("/plant", { object: sample("subscription", { id: sub, status: "active" }) });

    await Promise.all(Array.from({ length: 5 }, () => control("/events", { type: "invoice.paid", object: invoice })));

    await eventually(async () => {
      const events = await db().stripeEvent.findMany({ where: { objectId: invoice.id, status: "handled" } });
      expect(events).toHaveLength(5);
      const keys = events.map(({ id }) => `stripe-event:${id}`);
      const asked = await db().outboxMessage.findMany({ where: { key: { in: keys } } });
      const parents = await Promise.all(asked.map(({ runId }) => runs.retrieve(runId ?? "")));
      expect(parents.map(({ status }) => status)).toEqual(Array(5).fill("COMPLETED"));
    });
    const children = await eventually(async () => {
      const { data } = await runs.list({ taskIdentifier: "apply-billing-events", limit: 20 });
      const own = (await Promise.all(data.map(({ id }) => runs.retrieve(id))))
        .filter(({ payload }) => (payload as { objectId: string }).objectId === invoice.id)
        .sort((a, b) => Number(a.startedAt) - Number(b.startedAt));
      expect(own.filter(({ status }) => status !== "COMPLETED")).toEqual([]);
      return own;
    });
    // An event that an earlier child took along needs none of its own.
    expect(children.length).toBeGreaterThanOrEqual(1);
    for (const [index, next] of children.slice(1).entries())
      expect(Number(next.startedAt)).toBeGreaterThanOrEqual(Number(children[index]?.finishedAt));
  },
  120_000,
);

/** An order that was charged and packed by the worker, and its payment at Stripe. */
async function packed(card: string) {
  const placed = await order([await shelve("Mug", 1)]);
  await pay(placed, card);
  return eventually(async () => {
    const { status, payments } = await readOrder(placed.orderId);
    expect(status).toBe("fulfilling");
    return { orderId: placed.orderId, payment_intent: payments[0]?.paymentIntentId ?? "" };
  });
}

test("a refund made at Stripe is taken over, and when it fails after all its amount is free again", async () => {
  const { orderId, payment_intent } = await packed(cards.refundsFail);
  const { id, charge } = await stripeDashboard().refunds.create({ payment_intent, amount: 500 });

  for (const type of ["refund.created", "charge.refunded"])
    expect(await settled(type, type === "charge.refunded" ? String(charge) : id)).toMatchObject({ status: "handled" });
  expect(await readOrder(orderId)).toMatchObject({ refundedAmount: 500, refunds: [{ stripeRefundId: id }] });

  // Refunds end after ten seconds; a minute would leave the next payment page less than the half hour it must have.
  await control("/clock", { advanceMs: 20_000 });
  for (const type of ["refund.updated", "refund.failed"])
    expect(await settled(type, id)).toMatchObject({ status: "handled" });
  expect(await readOrder(orderId)).toMatchObject({ refundedAmount: 0, refunds: [{ state: "failed" }] });
}, 120_000);

test("a dispute is followed from its beginning to its end", async () => {
  const { orderId, payment_intent } = await packed(cards.disputed);
  const dispute = await eventually(async () => {
    const { data } = await stripeDashboard().disputes.list({ payment_intent });
    if (!data[0]) throw new Error("There is no dispute yet");
    return data[0];
  });

  for (const type of ["charge.dispute.created", "charge.dispute.funds_withdrawn"])
    expect(await settled(type, dispute.id)).toMatchObject({ status: "handled" });
  expect((await readOrder(orderId)).disputes).toMatchObject([{ blocksRefunds: true, closedAt: null }]);

  await stripeDashboard().disputes.update(dispute.id, { evidence: { uncategorized_text: "winning_evidence" } });
  for (const type of ["charge.dispute.updated", "charge.dispute.closed", "charge.dispute.funds_reinstated"])
    expect(await settled(type, dispute.id)).toMatchObject({ status: "handled" });
  expect((await readOrder(orderId)).disputes).toMatchObject([{ status: "won", blocksRefunds: false }]);
}, 120_000);

/** What the tests above have Stripe tell the store. */
const told = [
  "refund.created",
  "refund.updated",
  "refund.failed",
  "charge.refunded",
  "charge.dispute.created",
  "charge.dispute.updated",
  "charge.dispute.closed",
  "charge.dispute.funds_withdrawn",
  "charge.dispute.funds_reinstated",
  "checkout.session.completed",
  "checkout.session.expired",
  "invoice.paid",
  "invoice.payment_succeeded",
  "invoice.payment_failed",
  "customer.subscription.updated",
  "customer.subscription.deleted",
];

test("no type that the store handles is left out above", () => {
  expect(handledEventTypes.filter((type) => !told.includes(type))).toEqual([]);
});

test("an event of a type that the store does nothing with is kept, and no run begins", async () => {
  const { id } = await stripeDashboard().customers.create({ email: "ada@example.com" });

  const event = await eventually(() =>
    db().stripeEvent.findFirstOrThrow({ where: { type: "customer.created", objectId: id } }),
  );

  expect(event.status).toBe("ignored");
  expect(await db().outboxMessage.count({ where: { key: `stripe-event:${event.id}` } })).toBe(0);
});
