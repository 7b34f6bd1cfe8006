import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { TemporaryError } from "@/lib/errors";
import { newId, type OrderId, type VariantId } from "@/lib/ids";
import { cancelOrder } from "@/lib/orders/cancel-order";
import { processOrder } from "@/lib/orders/process-order";
import { toEventMessage } from "@/lib/payments/stripe-event-message";
import {
  type ListPage,
  listStripeDisputes,
  listStripeEvents,
  listStripePayments,
  listStripeRefunds,
} from "@/lib/payments/stripe-lists";
import { compareDisputes } from "@/lib/reconcile/compare-disputes";
import { comparePayments } from "@/lib/reconcile/compare-payments";
import { compareRefunds } from "@/lib/reconcile/compare-refunds";
import { receiveMissedEvents } from "@/lib/reconcile/receive-missed-events";
import { reconcileStripe } from "@/lib/reconcile/reconcile-stripe";
import { type WalkSettings, walkList } from "@/lib/reconcile/walk-list";
import { handledEventTypes } from "@/lib/webhooks/event-handlers";
import { receiveStripeEvent } from "@/lib/webhooks/receive-stripe-event";
import { attach, orderWithCard, register } from "@/tests/integration/cards/cardholder";
import {
  atStripe,
  authorizedOrder,
  cards,
  confirmedOrder,
  control,
  crashOnceAt,
  grace,
  order,
  pay,
  paymentIntentOf,
  readOrder,
  shelve,
  stripeDashboard,
  stripeEvent,
  stripeFault,
} from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";
import { runBackground } from "./background";

let world: World<"stripe" | "carrier" | "s3" | "resend">;
let mug: VariantId;
const now = new Date();

beforeAll(async () => {
  world = await startWorld({ stripe: true, carrier: true, s3: true, resend: true });
  mug = await shelve("Mug", 1000);
});

afterEach(() => setCrashTrap(undefined));

afterAll(() => world.close());

async function paidOrder(): Promise<OrderId> {
  const placed = await order([mug]);
  await pay(placed);
  return placed.orderId;
}

/** The bank has said yes to a saved card, and whoever asked died before noting it. */
async function answeredOrder(): Promise<{ orderId: OrderId; paymentIntentId: string }> {
  const customer = await register(`${newId("user")}@example.com`);
  const { orderId } = await orderWithCard(customer, await attach(customer, "pm_card_visa"), [mug]);
  await db().outboxMessage.updateMany({ where: { sentAt: null }, data: { sentAt: now, runId: "run_died" } });
  crashOnceAt("process-order.bank-answered");
  await expect(processOrder({ orderId, now })).rejects.toThrow("crashed");
  const { data } = await stripeDashboard().paymentIntents.list({ limit: 1 });
  return { orderId, paymentIntentId: data[0]?.id ?? "" };
}

/** As an order stands that ended while its call to Stripe was on its way. */
async function endUnheard(orderId: OrderId): Promise<void> {
  await db().payment.updateMany({ where: { orderId }, data: { state: "failed" } });
  await db().order.update({ where: { id: orderId }, data: { status: "cancelled", paymentStatus: "failed" } });
}

const findings = (orderId: OrderId) => db().finding.findMany({ where: { orderId } });
const eventsAbout = (orderId: OrderId) =>
  db().stripeEvent.count({ where: { payload: { path: ["data", "object", "client_reference_id"], equals: orderId } } });
const newest = { since: null, after: null };

/** What the newest page of a list holds. */
async function itemsOf<Item>(read: Promise<ListPage<Item>>): Promise<Item[]> {
  const page = await read;
  if (page.kind === "gone") throw new Error("Stripe has no such page");
  return page.items.map(({ item }) => item);
}

/** A page as if Stripe gave only so many at a time. */
function shortened<Item>(page: ListPage<Item>, count: number): ListPage<Item> {
  if (page.kind === "gone") return page;
  const items = page.items.slice(0, count);
  return { kind: "page", items, hasMore: page.hasMore || items.length < page.items.length };
}

describe("events that no webhook brought", () => {
  test("a cycle that dies between two pages goes on where it stopped, and loses none", async () => {
    const orders = [await paidOrder(), await paidOrder(), await paidOrder(), await paidOrder()];
    // A page of two, so that there are several.
    const settings: WalkSettings = { list: "crash", everyMs: 0, lookBackMs: 0, firstLookBackMs: null, pagesMax: 100 };
    const types = ["checkout.session.completed"];
    const walk = () =>
      walkList(
        settings,
        now,
        async (at) => shortened(await listStripeEvents(types, at), 2),
        async (events) => void (await receiveMissedEvents(events.map(({ item }) => item))),
      );
    let pages = 0;
    setCrashTrap((name) => {
      if (name === "reconcile.page-looked" && ++pages === 2) throw new Error("crashed");
    });

    await expect(walk()).rejects.toThrow("crashed");
    const afterCrash = await db().stripeWalk.findUniqueOrThrow({ where: { list: "crash" } });
    setCrashTrap(undefined);
    await walk();

    expect(afterCrash).toMatchObject({ seenUntil: null, after: expect.stringMatching(/^evt_/) });
    for (const orderId of orders) expect(await eventsAbout(orderId)).toBe(1);
    const done = await db().stripeWalk.findUniqueOrThrow({ where: { list: "crash" } });
    expect(done).toMatchObject({ after: null, goingOn: null, seenUntil: expect.any(Date) });
  });

  test("a bounded cycle says that there is more, and the next ones look at the rest", async () => {
    for (let count = 0; count < 3; count++) await paidOrder();
    const settings: WalkSettings = { list: "bounded", everyMs: 0, lookBackMs: 0, firstLookBackMs: null, pagesMax: 1 };
    const seen = new Set<string>();
    const walk = () =>
      walkList(
        settings,
        now,
        async (at) => shortened(await listStripeEvents(["checkout.session.completed"], at), 3),
        async (events) => {
          for (const { id } of events) seen.add(id);
        },
      );

    const ends = [];
    do ends.push(await walk());
    while (!ends.at(-1) && ends.length < 20);

    const all = await stripeDashboard().events.list({ type: "checkout.session.completed", limit: 100 });
    expect(ends.length).toBe(Math.ceil(all.data.length / 3));
    expect(seen).toEqual(new Set(all.data.map(({ id }) => id)));
  });

  test("a walk whose place Stripe has forgotten begins anew", async () => {
    await db().stripeWalk.create({ data: { list: "forgotten", after: "evt_gone", goingOn: now } });
    const settings = { list: "forgotten", everyMs: 0, lookBackMs: 0, firstLookBackMs: null, pagesMax: 100 };
    const seen: string[] = [];

    const ended = await walkList(
      settings,
      now,
      (at) => listStripeEvents(handledEventTypes, at),
      async (events) => void seen.push(...events.map(({ id }) => id)),
    );

    expect(ended).toBe(true);
    expect(seen.length).toBeGreaterThan(0);
  });

  test("taken in by two cycles at once and by a webhook besides, each is one row and one message", async () => {
    const orders = [await paidOrder(), await paidOrder()];
    const events = await Promise.all(orders.map((orderId) => stripeEvent("checkout.session.completed", orderId)));
    const webhook = () =>
      Promise.all(events.map((event) => receiveStripeEvent(toEventMessage(JSON.parse(JSON.stringify(event))))));

    await Promise.all([reconcileStripe({ now }), webhook(), reconcileStripe({ now }), webhook()]);
    await runBackground(now);
    await reconcileStripe({ now });

    for (const [index, orderId] of orders.entries()) {
      expect(await eventsAbout(orderId)).toBe(1);
      expect(await db().outboxMessage.count({ where: { key: `stripe-event:${events[index]?.id}` } })).toBe(1);
      expect(await readOrder(orderId)).toMatchObject({ status: "fulfilling" });
    }
  });

  test("a cycle without anything new asks for nothing", async () => {
    await reconcileStripe({ now });
    await runBackground(now);
    const before = await db().outboxMessage.count();

    expect(await reconcileStripe({ now })).toEqual({ events: 0, repaired: 0, raised: 0, failed: 0, finished: true });

    expect(await db().outboxMessage.count()).toBe(before);
  });

  test("while Stripe is away the cycle fails, and the next one finds all", async () => {
    const orderId = await paidOrder();
    await stripeFault({ method: "GET", path: "/v1/events", kind: "error_before", times: 10 });

    await expect(reconcileStripe({ now })).rejects.toThrow(TemporaryError);
    await fetch(`${world.stripe.url}/_local/faults`, { method: "DELETE" });
    await reconcileStripe({ now });

    expect(await eventsAbout(orderId)).toBe(1);
    await runBackground(now);
  });

  test("Stripe takes as many types in one call as the store handles", () => {
    // https://docs.stripe.com/api/events/list#list_events-types
    expect(handledEventTypes.length).toBeLessThanOrEqual(20);
  });
});

describe("what no event tells", () => {
  const payments = async () => comparePayments(await itemsOf(listStripePayments(newest)), now);
  const refunds = async () => compareRefunds(await itemsOf(listStripeRefunds(newest)), now);
  const disputes = async () => compareDisputes(await itemsOf(listStripeDisputes(newest)), now);

  test("an order that was paid goes on although its event is lost for good", async () => {
    const orderId = await paidOrder();

    expect(await payments()).toMatchObject({ repaired: 1, raised: 0, failed: 0 });
    expect(await payments()).toMatchObject({ repaired: 0 });
    await runBackground(now);

    expect(await readOrder(orderId)).toMatchObject({ status: "fulfilling", paymentStatus: "paid" });
  });

  test("money that is still held for an order that is over is given back", async () => {
    const { orderId } = await authorizedOrder([mug]);
    await db().payment.updateMany({ where: { orderId }, data: { state: "voided" } });
    await db().order.update({ where: { id: orderId }, data: { status: "cancelled", paymentStatus: "failed" } });

    expect(await payments()).toMatchObject({ repaired: 1, raised: 0 });

    expect((await stripeDashboard().paymentIntents.retrieve(await paymentIntentOf(orderId))).status).toBe("canceled");
    expect(await payments()).toMatchObject({ repaired: 0 });
  });

  test("a charge for an order that is over is raised to staff, once, and not again after they resolved it", async () => {
    const { orderId } = await authorizedOrder([mug]);
    await stripeDashboard().paymentIntents.capture(await paymentIntentOf(orderId));
    await db().payment.updateMany({ where: { orderId }, data: { state: "voided" } });
    await db().order.update({ where: { id: orderId }, data: { status: "cancelled", paymentStatus: "failed" } });

    expect([await payments(), await payments()]).toMatchObject([{ raised: 1 }, { raised: 0 }]);
    expect(await findings(orderId)).toMatchObject([
      { kind: "payment-after-end", state: "open", message: expect.stringMatching(/charged €24.89 .* had ended here/) },
    ]);
    await db().finding.updateMany({
      where: { orderId },
      data: { state: "resolved", resolvedAt: now, resolvedBy: "staff:user_grace" },
    });

    expect(await payments()).toMatchObject({ raised: 0 });
    expect(await findings(orderId)).toMatchObject([{ state: "resolved" }]);
  });

  test("a saved card that the bank authorised, which nobody noted, is noted: its order goes on", async () => {
    const { orderId } = await answeredOrder();

    expect(await payments()).toMatchObject({ repaired: 1, raised: 0, failed: 0 });
    expect(await payments()).toMatchObject({ repaired: 0, raised: 0 });
    await runBackground(now);

    expect(await readOrder(orderId)).toMatchObject({ status: "fulfilling", paymentStatus: "paid" });
    expect(await atStripe(orderId)).toEqual({ statuses: ["succeeded"], captures: 1 });
    expect(await findings(orderId)).toEqual([]);
  });

  test("a saved card that was authorised for an order that had ended is given back; a charge is raised to staff", async () => {
    const [held, charged] = [await answeredOrder(), await answeredOrder()];
    for (const { orderId } of [held, charged]) await endUnheard(orderId);
    await stripeDashboard().paymentIntents.capture(charged.paymentIntentId);

    expect(await payments()).toMatchObject({ repaired: 1, raised: 1, failed: 0 });
    expect(await payments()).toMatchObject({ repaired: 0, raised: 0 });

    expect(await atStripe(held.orderId)).toEqual({ statuses: ["canceled"], captures: 0 });
    expect((await readOrder(held.orderId)).payments).toMatchObject([
      { state: "failed", paymentIntentId: held.paymentIntentId },
    ]);
    expect(await findings(held.orderId)).toEqual([]);
    expect(await findings(charged.orderId)).toMatchObject([{ kind: "payment-after-end" }]);
  });

  test("a charge of another sum is raised to staff", async () => {
    const { orderId } = await authorizedOrder([mug]);
    await stripeDashboard().paymentIntents.capture(await paymentIntentOf(orderId), { amount_to_capture: 2000 });

    expect(await payments()).toMatchObject({ raised: 1 });

    expect(await findings(orderId)).toMatchObject([
      { kind: "payment-mismatch", message: expect.stringContaining("charged €20.00") },
    ]);
  });

  test("an order that counts as charged and is not is raised to staff", async () => {
    const { orderId } = await authorizedOrder([mug]);
    await db().payment.updateMany({ where: { orderId }, data: { state: "captured", capturedAt: now } });

    expect(await payments()).toMatchObject({ raised: 1 });

    expect(await findings(orderId)).toMatchObject([{ kind: "payment-not-charged" }]);
  });

  test("a charge for an order that is not here is raised to staff; other money of the account is left alone", async () => {
    const stripe = stripeDashboard();
    const charge = (metadata: Record<string, string>) =>
      stripe.paymentIntents.create({
        amount: 1_234,
        currency: "eur",
        payment_method: "pm_card_visa",
        confirm: true,
        return_url: "http://localhost:3000",
        metadata,
      });
    const orderId = newId("order");
    await charge({});
    const { id } = await charge({ orderId });

    expect(await payments()).toMatchObject({ raised: 1 });

    expect(await db().finding.findUnique({ where: { key: `payment-unknown:${id}` } })).toMatchObject({
      orderId: null,
      message: expect.stringContaining(`€12.34 with ${id} for order ${orderId}, which is not here`),
    });
  });

  test("a refund made at Stripe is taken over, and so is its end", async () => {
    const { orderId } = await confirmedOrder([mug], 1, cards.refundsPend);
    await stripeDashboard().refunds.create({ payment_intent: await paymentIntentOf(orderId), amount: 500 });

    expect(await refunds()).toMatchObject({ repaired: 1, failed: 0 });
    expect(await readOrder(orderId)).toMatchObject({ refundedAmount: 500, refunds: [{ state: "pending" }] });
    await control("/clock", { advanceMs: 11_000 });
    expect(await refunds()).toMatchObject({ repaired: 1 });

    expect(await readOrder(orderId)).toMatchObject({ refundStatus: "partial", refunds: [{ state: "succeeded" }] });
    expect(await refunds()).toMatchObject({ repaired: 0 });
  });

  test("a refund of more than is left of the order is raised to staff", async () => {
    const { orderId } = await confirmedOrder([mug]);
    await db().order.update({ where: { id: orderId }, data: { refundedAmount: 2_000 } });
    const { id } = await stripeDashboard().refunds.create({ payment_intent: await paymentIntentOf(orderId) });

    expect(await refunds()).toMatchObject({ raised: 1 });

    expect(await findings(orderId)).toMatchObject([
      { kind: "refund-unmatched", message: expect.stringContaining(`€24.89 with ${id}, which is more than is left`) },
    ]);
  });

  test("a refund that does not fit beside a promise waits until Stripe has refused the promise", async () => {
    const { orderId } = await confirmedOrder([mug]);
    await cancelOrder({ actor: grace, orderId, now });
    await stripeDashboard().refunds.create({ payment_intent: await paymentIntentOf(orderId) });

    expect(await refunds()).toMatchObject({ raised: 0, failed: 1 });
    await runBackground(now);
    expect(await refunds()).toMatchObject({ raised: 0, repaired: 1 });

    expect(await readOrder(orderId)).toMatchObject({ refundStatus: "full" });
    expect(await findings(orderId)).toEqual([]);
  });

  test("a refund that a busy database could not take is not raised: the next walk writes it down", async () => {
    const { orderId } = await confirmedOrder([mug]);
    await stripeDashboard().refunds.create({ payment_intent: await paymentIntentOf(orderId), amount: 500 });
    const isBusy = (name: string) => {
      if (name === "compare-refunds: before commit")
        throw new TemporaryError({ vendor: "postgres", message: "Unable to start a transaction in the given time." });
    };

    setCrashTrap(isBusy, { everywhere: true });
    expect(await refunds()).toMatchObject({ raised: 0, failed: 1 });
    setCrashTrap(undefined);
    expect(await refunds()).toMatchObject({ raised: 0, repaired: 1 });

    expect(await readOrder(orderId)).toMatchObject({ refundedAmount: 500 });
    expect(await findings(orderId)).toEqual([]);
  });

  test("a dispute is found, and so is its end", async () => {
    const { orderId } = await confirmedOrder([mug], 1, cards.disputed);

    expect(await disputes()).toMatchObject({ repaired: 1 });
    const [dispute] = (await readOrder(orderId)).disputes;
    await stripeDashboard().disputes.update(dispute?.stripeDisputeId ?? "", {
      evidence: { uncategorized_text: "winning_evidence" },
    });
    expect(await disputes()).toMatchObject({ repaired: 1 });

    expect((await readOrder(orderId)).disputes).toMatchObject([{ status: "won", amountWithdrawn: 0 }]);
    expect(await disputes()).toMatchObject({ repaired: 0 });
  });
});
