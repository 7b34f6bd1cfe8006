import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { OrderId } from "@/lib/ids";
import { processOrder } from "@/lib/orders/process-order";
import { resumeOrders } from "@/lib/orders/resume-orders";
import { reviveMessages } from "@/lib/outbox/revive-messages";
import { receiveStripeEvent } from "@/lib/webhooks/receive-stripe-event";
import { resumeEvents } from "@/lib/webhooks/resume-events";
import { startWorld, type World } from "@/tests/support/world";
import { allRunsAreOver, asked, authorizedOrder, inMinutes, markSent, order, shelve } from "./shop";

let world: World<"stripe">;

beforeAll(async () => {
  world = await startWorld({ stripe: true });
});

afterAll(() => world.close());

const again = async (orderId: OrderId, step: string) =>
  (await asked(orderId)).filter((name) => name.startsWith(`${step}:`)).length;

/** A sweep so many minutes from now, after which all that it asked for is sent. */
async function sweep(minute: number, isRunOver: (runId: string) => Promise<boolean> = allRunsAreOver): Promise<void> {
  await resumeOrders({ isRunOver, now: inMinutes(minute) });
  await markSent(inMinutes(minute));
}

test("an order whose run gave up is asked for again, less and less often, for as long as it waits", async () => {
  const { orderId } = await authorizedOrder([await shelve("Mug", 1)]);
  await markSent();

  await sweep(9);
  expect(await again(orderId, "process")).toBe(0);
  await sweep(11);
  await sweep(11);
  expect(await again(orderId, "process")).toBe(1);
  await sweep(30);
  expect(await again(orderId, "process")).toBe(1);
  for (const minute of [32, 75, 140, 205]) await sweep(minute);
  expect(await again(orderId, "process")).toBe(5);
  await sweep(10 * 24 * 60);
  expect(await again(orderId, "process")).toBe(6);
});

test("two sweeps at once ask once", async () => {
  const { orderId } = await authorizedOrder([await shelve("Mug", 1)]);
  await markSent();

  const now = inMinutes(11);
  await Promise.all([1, 2, 3].map(() => resumeOrders({ isRunOver: allRunsAreOver, now })));

  expect(await again(orderId, "process")).toBe(1);
});

test("a run that is not over is left to its work, and a message that was not sent to the relay", async () => {
  const [working, unsent] = [
    await authorizedOrder([await shelve("Mug", 1)]),
    await authorizedOrder([await shelve("Mug", 1)]),
  ];
  await db().outboxMessage.updateMany({
    where: { key: `order:${working.orderId}:process` },
    data: { sentAt: new Date(), runId: "run_working" },
  });

  await resumeOrders({ isRunOver: async (runId) => runId !== "run_working", now: inMinutes(24 * 60) });

  expect(await again(working.orderId, "process")).toBe(0);
  expect(await again(unsent.orderId, "process")).toBe(0);
  await markSent();
});

test("an order whose run died is found behind many whose runs are still at work", async () => {
  const [first, second, dead] = [
    await authorizedOrder([await shelve("Mug", 1)]),
    await authorizedOrder([await shelve("Mug", 1)]),
    await authorizedOrder([await shelve("Mug", 1)]),
  ];
  for (const [index, { orderId }] of [first, second, dead].entries())
    await db().outboxMessage.updateMany({
      where: { key: `order:${orderId}:process` },
      data: { sentAt: inMinutes(index / 10), runId: `run_${orderId}` },
    });
  const isRunOver = async (runId: string) => runId === `run_${dead.orderId}`;

  expect(await resumeOrders({ isRunOver, now: inMinutes(30), limit: 1 })).toBe(1);

  expect(await again(dead.orderId, "process")).toBe(1);
  for (const { orderId } of [first, second, dead])
    await db().order.update({ where: { id: orderId }, data: { status: "cancelled", paymentStatus: "failed" } });
  await markSent();
});

test("a confirmed order that was never packed is asked for again; orders that wait for nobody are not", async () => {
  const confirmed = await authorizedOrder([await shelve("Mug", 1)]);
  await processOrder({ ...confirmed, now: new Date() });
  const unpaid = await order([await shelve("Mug", 1)]);
  await markSent();

  await sweep(11);

  expect(await again(confirmed.orderId, "fulfil")).toBe(1);
  expect(await again(confirmed.orderId, "process")).toBe(0);
  expect(await asked(unpaid.orderId)).toEqual([]);
});

test("one sweep takes up so many, and the next one takes up others", async () => {
  const orders = [await authorizedOrder([await shelve("Mug", 1)]), await authorizedOrder([await shelve("Mug", 1)])];
  const events = ["evt_a", "evt_b"];
  for (const id of events)
    await receiveStripeEvent({ id, type: "invoice.paid", objectId: "in_1", createdAt: new Date(), payload: {} });
  await markSent();

  for (let count = 0; count < 8; count++) {
    await resumeOrders({ isRunOver: allRunsAreOver, now: inMinutes(11), limit: 1 });
    await resumeEvents({ isRunOver: allRunsAreOver, now: inMinutes(11), limit: 1 });
  }

  for (const { orderId } of orders) expect(await again(orderId, "process")).toBe(1);
  for (const id of events)
    expect(await db().outboxMessage.count({ where: { key: { startsWith: `stripe-event:${id}:` } } })).toBe(1);
});

test("what a run left that the platform gave up is asked for at once, and then with pauses", async () => {
  const { orderId } = await authorizedOrder([await shelve("Mug", 1)]);
  await markSent();
  const runs = async () =>
    (await db().outboxMessage.findMany({ where: { key: { startsWith: `order:${orderId}:process` } } })).map(
      ({ id }) => ({ tags: ["store", id] }),
    );
  const revive = async (minute: number) => {
    const revived = await reviveMessages({ runs: await runs(), now: inMinutes(minute) });
    await markSent(inMinutes(minute));
    return revived;
  };

  expect([await revive(0.5), await revive(1), await revive(2), await revive(3), await revive(4.5)]).toEqual([
    1, 0, 1, 0, 1,
  ]);
  expect(await reviveMessages({ runs: [{ tags: ["store"] }], now: inMinutes(9) })).toBe(0);
});

test("a mail that is older than half a day is not asked for again: Resend may not know it any more", async () => {
  const { orderId } = await authorizedOrder([await shelve("Mug", 1)]);
  await processOrder({ orderId, now: new Date() });
  await markSent();
  const message = await db().outboxMessage.findUniqueOrThrow({
    where: { key: `order:${orderId}:notify:confirmation` },
  });
  const runs = [{ tags: ["store", message.id] }];

  expect(await reviveMessages({ runs, now: inMinutes(13 * 60) })).toBe(0);
  expect(await reviveMessages({ runs, now: inMinutes(1) })).toBe(1);
});
