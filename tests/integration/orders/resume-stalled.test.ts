import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { processOrder } from "@/lib/orders/process-order";
import { resumeOrders } from "@/lib/orders/resume-orders";
import { receiveStripeEvent } from "@/lib/webhooks/receive-stripe-event";
import { resumeEvents } from "@/lib/webhooks/resume-events";
import { startWorld, type World } from "@/tests/support/world";
import { asked, authorizedOrder, inMinutes, order, shelve } from "./shop";

let world: World<"stripe">;

beforeAll(async () => {
  world = await startWorld({ stripe: true });
});

afterAll(() => world.close());

const tries = async (orderId: Parameters<typeof asked>[0], step: string) =>
  (await asked(orderId)).filter((name) => name.startsWith(`${step}:`)).length;

test("an order whose run gave up is asked for again, once an hour, for three days", async () => {
  const placed = await authorizedOrder([await shelve("Mug", 1)]);

  await resumeOrders({ now: inMinutes(9) });
  expect(await tries(placed.orderId, "process")).toBe(0);
  await resumeOrders({ now: inMinutes(11) });
  await resumeOrders({ now: inMinutes(11) });
  expect(await tries(placed.orderId, "process")).toBe(1);
  await resumeOrders({ now: inMinutes(11 + 60) });
  await resumeOrders({ now: inMinutes(4 * 24 * 60) });

  expect(await tries(placed.orderId, "process")).toBe(2);
});

test("a confirmed order that was never packed is asked for again; orders that wait for nobody are not", async () => {
  const confirmed = await authorizedOrder([await shelve("Mug", 1)]);
  await processOrder({ ...confirmed, now: new Date() });
  const unpaid = await order([await shelve("Mug", 1)]);

  await resumeOrders({ now: inMinutes(11) });

  expect(await tries(confirmed.orderId, "fulfil")).toBe(1);
  expect(await tries(confirmed.orderId, "process")).toBe(0);
  expect(await asked(unpaid.orderId)).toEqual([]);
});

test("one sweep takes up so many, and the next one takes up others", async () => {
  const orders = [await authorizedOrder([await shelve("Mug", 1)]), await authorizedOrder([await shelve("Mug", 1)])];
  const events = ["evt_a", "evt_b"];
  for (const id of events)
    await receiveStripeEvent({ id, type: "invoice.paid", objectId: "in_1", createdAt: new Date(), payload: {} });

  for (let sweep = 0; sweep < 6; sweep++) {
    await resumeOrders({ now: inMinutes(11), limit: 1 });
    await resumeEvents({ now: inMinutes(11), limit: 1 });
  }

  for (const { orderId } of orders) expect(await tries(orderId, "process")).toBe(1);
  for (const id of events)
    expect(await db().outboxMessage.count({ where: { key: { startsWith: `stripe-event:${id}:` } } })).toBe(1);
});

test("an event whose run gave up is asked for again", async () => {
  await receiveStripeEvent({ id: "evt_1", type: "invoice.paid", objectId: "in_1", createdAt: new Date(), payload: {} });

  await resumeEvents({ now: inMinutes(9) });
  await resumeEvents({ now: inMinutes(11) });
  await resumeEvents({ now: inMinutes(11) });

  expect(await db().outboxMessage.count({ where: { key: { startsWith: "stripe-event:evt_1:" } } })).toBe(1);
});
