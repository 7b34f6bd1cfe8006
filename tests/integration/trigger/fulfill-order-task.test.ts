import { runs } from "@trigger.dev/sdk";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { audit } from "@/audit/audit";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import type { OrderId, ReviewId } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { batchTriggerOrders } from "@/lib/orders/batch-trigger-orders";
import { cancelOrder } from "@/lib/orders/cancel-order";
import { approveReview, refuseReview } from "@/lib/orders/decide-review";
import { processOrder } from "@/lib/orders/process-order";
import { refundOrder } from "@/lib/orders/refund-order";
import { relayOutbox } from "@/lib/outbox/relay-outbox";
import { reviveMessages } from "@/lib/outbox/revive-messages";
import { listDeadRuns } from "@/lib/runs/list-dead-runs";
import type { WorkerHost } from "@/local/trigger/worker/host";
import { labelsOf } from "@/tests/integration/fulfilment/labels";
import { ada, atStripe, authorizedOrder, order, readOrder, shelve, stripeFault } from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";
import { runProcesses } from "./run-processes";
import { startStoreWorker } from "./worker";

let world: World<"stripe" | "carrier" | "s3" | "resend" | "trigger">;
let worker: WorkerHost;
const grace: Actor = { kind: "staff", userId: "user_grace", role: "staff", email: "grace@shopfloor.example" };

beforeAll(async () => {
  world = await startWorld({ stripe: true, carrier: true, s3: true, resend: true, trigger: true });
  await db().storeSettings.updateMany({ data: { reviewFromAmount: 20_000 } });
  worker = await startStoreWorker();
}, 120_000);

afterAll(async () => {
  await worker?.close();
  await world?.close();
});

/** A confirmed order whose fulfilment has been triggered as the store does it; answers the run. */
async function fulfilling({ priceAmount = 25_000, line1 = ada.shipTo.line1 } = {}) {
  const { orderId, accessToken } = await authorizedOrder([await shelve("Lathe", 1, priceAmount)]);
  await db().order.update({ where: { id: orderId }, data: { shipTo: { ...ada.shipTo, line1 } } });
  await processOrder({ orderId, now: new Date() });
  await relayOutbox({ now: new Date() });
  const { runId } = await db().outboxMessage.findUniqueOrThrow({ where: { key: `order:${orderId}:fulfil` } });
  return { orderId, accessToken, runId: runId ?? "" };
}

const eventually = <Value>(look: () => Promise<Value>) => vi.waitFor(look, { timeout: 60_000, interval: 100 });

const completed = (runId: string) =>
  eventually(async () => {
    const run = await runs.retrieve(runId);
    expect(run.status).toBe("COMPLETED");
    return run;
  });

const waitingReview = (orderId: OrderId) =>
  eventually(async () => {
    const review = await db().orderReview.findFirstOrThrow({ where: { orderId, state: "waiting" } });
    expect(review.tokenId).not.toBeNull();
    return { orderId, reviewId: review.id as ReviewId };
  });

test("the run of an order that needs a look waits on its token, and packs when staff approve", async () => {
  const { orderId, runId } = await fulfilling();
  const review = await waitingReview(orderId);
  expect((await runs.retrieve(runId)).isCompleted).toBe(false);

  await approveReview({ actor: grace, ...review, now: new Date() });

  expect((await completed(runId)).output).toMatchObject({ outcome: "packed" });
  expect(await readOrder(orderId)).toMatchObject({ status: "fulfilling" });
  // The run that waited did it: no other was asked for.
  expect(await db().outboxMessage.count({ where: { key: { startsWith: `order:${orderId}:fulfil:` } } })).toBe(0);
}, 120_000);

test("the run of an order that staff refuse ends, with nothing packed", async () => {
  const { orderId, runId } = await fulfilling();
  const review = await waitingReview(orderId);

  await refuseReview({ actor: grace, ...review, reason: "The card is stolen.", now: new Date() });

  expect((await completed(runId)).output).toEqual({ outcome: "refused", trackingNumber: null });
  expect(await readOrder(orderId)).toMatchObject({ status: "confirmed", shipment: null });
}, 120_000);

test("the run of an order that is cancelled while it waits ends, with nothing packed", async () => {
  const { orderId, runId } = await fulfilling();
  await waitingReview(orderId);

  await cancelOrder({ actor: grace, orderId, now: new Date() });
  await relayOutbox({ now: new Date() });

  expect((await completed(runId)).output).toEqual({ outcome: "not-ready", trackingNumber: null });
}, 120_000);

test("a carrier that cuts the first connection is asked again at once, and the parcel is packed", async () => {
  const { orderId, runId } = await fulfilling({ priceAmount: 1_999, line1: "1 Drop after Street" });

  const run = await completed(runId);

  expect(run.output).toMatchObject({ outcome: "packed" });
  expect(run.attemptCount).toBe(2);
  expect(await db().shipment.count({ where: { orderId } })).toBe(1);
}, 120_000);

/** An order whose run is at work on it, and will be for a while: Stripe is slow to charge. */
async function orderAtWork(): Promise<{ orderId: OrderId; runId: string }> {
  await stripeFault({ method: "POST", path: "/v1/payment_intents/*/capture", kind: "delay", delayMs: 2_000, times: 1 });
  const { orderId } = await authorizedOrder([await shelve("Mug", 1)]);
  await relayOutbox({ now: new Date() });
  const { runId } = await db().outboxMessage.findUniqueOrThrow({ where: { key: `order:${orderId}:process` } });
  await eventually(async () => expect((await readOrder(orderId)).reservations).toMatchObject([{ expiresAt: null }]));
  return { orderId, runId: runId ?? "" };
}

async function ended(runId: string): Promise<string> {
  return eventually(async () => {
    const { status, isCompleted } = await runs.retrieve(runId);
    expect(isCompleted).toBe(true);
    return status;
  });
}

async function packedOnce(orderId: OrderId): Promise<void> {
  // Many at once, on a machine that is busy, take their time.
  const patience = { timeout: 240_000, interval: 200 };
  await vi.waitFor(async () => expect(await readOrder(orderId)).toMatchObject({ status: "fulfilling" }), patience);
  expect(await atStripe(orderId)).toEqual({ statuses: ["succeeded"], captures: 1 });
  expect(await labelsOf(orderId)).toMatchObject([{ voidedAt: null }]);
}

test("orders whose runs were killed and cancelled are driven on by the next sweep, and charged once", async () => {
  const killed = await orderAtWork();
  const processes = runProcesses();
  expect(processes).not.toEqual([]);
  for (const pid of processes) process.kill(pid, "SIGKILL");
  expect(await ended(killed.runId)).toBe("CRASHED");
  const cancelled = await orderAtWork();
  await runs.cancel(cancelled.runId);
  expect(await ended(cancelled.runId)).toBe("CANCELED");

  const now = new Date();
  await reviveMessages({ runs: await listDeadRuns({ now }), now });
  await relayOutbox({ now: new Date() });

  for (const { orderId } of [killed, cancelled]) await packedOnce(orderId);
  // They are not read for longer than a day.
  const listed = async (hours: number) =>
    (await listDeadRuns({ now: new Date(now.getTime() + hours * 60 * 60_000) })).map(({ id }) => id);
  const dead = [killed.runId, cancelled.runId];
  expect(await listed(23)).toEqual(expect.arrayContaining(dead));
  expect((await listed(25)).filter((id) => dead.includes(id))).toEqual([]);
}, 120_000);

test("orders of all kinds that are processed again by several, while their first runs go on, are charged and packed once", async () => {
  const count = Number(process.env.PROCESS_AGAIN_ORDERS ?? 6);
  const variant = await shelve("Mug", 10 * count);
  const make = async (make: () => Promise<{ orderId: OrderId }>, share: number) => {
    const made: OrderId[] = [];
    while (made.length < Math.max(1, Math.round(count * share))) made.push((await make()).orderId);
    return made;
  };
  const packed = await make(() => authorizedOrder([variant]), 0.1);
  await relayOutbox({ now: new Date(), limit: 500 });
  for (const orderId of packed) await packedOnce(orderId);
  const refunded = await make(async () => {
    const { orderId } = await authorizedOrder([variant]);
    await processOrder({ orderId, now: new Date() });
    const amount = money(100, "EUR");
    await refundOrder({ actor: grace, orderId, wish: { kind: "amount", amount }, reason: "other", now: new Date() });
    return { orderId };
  }, 0.2);
  const unpaid = await make(() => order([variant]), 0.1);
  const authorized = await make(() => authorizedOrder([variant]), 0.6);
  const all = [...packed, ...refunded, ...unpaid, ...authorized];
  await relayOutbox({ now: new Date(), limit: 500 });

  const again = (now: Date) => batchTriggerOrders({ actor: grace, orderIds: all, now });
  const [first, second, later] = await Promise.all([
    again(new Date()),
    again(new Date()),
    again(new Date(Date.now() + 60_000)),
  ]);
  await relayOutbox({ now: new Date(), limit: 500 });

  for (const { asked, left } of [first, second, later]) expect(asked.length + left.length).toBe(all.length);
  expect(first.left.filter(({ orderId }) => unpaid.includes(orderId)).map(({ why }) => why)).toEqual(
    unpaid.map(() => "It is not paid yet, and the shopper may still pay."),
  );
  for (const orderId of [...packed, ...refunded, ...authorized]) await packedOnce(orderId);
  await eventually(async () => {
    const { invariants } = await audit({
      databaseUrl: process.env.DATABASE_URL ?? "",
      stripe: { key: process.env.STRIPE_SECRET_KEY ?? "", url: world.stripe.url },
      trigger: { key: process.env.TRIGGER_SECRET_KEY ?? "", url: world.trigger.url },
    });
    expect(invariants.flatMap(({ examples }) => examples)).toEqual([]);
  });
}, 300_000);
