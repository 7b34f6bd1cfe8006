import { runs } from "@trigger.dev/sdk";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import type { OrderId, ReviewId } from "@/lib/ids";
import { approveReview, refuseReview } from "@/lib/orders/decide-review";
import { processOrder } from "@/lib/orders/process-order";
import { relayOutbox } from "@/lib/outbox/relay-outbox";
import type { WorkerHost } from "@/local/trigger/worker/host";
import { ada, authorizedOrder, readOrder, shelve } from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";
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

test("a carrier that cuts the first connection is asked again at once, and the parcel is packed", async () => {
  const { orderId, runId } = await fulfilling({ priceAmount: 1_999, line1: "1 Drop after Street" });

  const run = await completed(runId);

  expect(run.output).toMatchObject({ outcome: "packed" });
  expect(run.attemptCount).toBe(2);
  expect(await db().shipment.count({ where: { orderId } })).toBe(1);
}, 120_000);
