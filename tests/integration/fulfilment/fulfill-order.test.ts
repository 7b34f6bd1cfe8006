import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { fulfillOrder } from "@/lib/fulfilment/fulfill-order";
import { newId } from "@/lib/ids";
import { OrderNotFoundError } from "@/lib/orders/errors";
import { processOrder } from "@/lib/orders/process-order";
import { authorizedOrder, readOrder, shelve } from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";

let world: World<"stripe">;
const now = new Date();

beforeAll(async () => {
  world = await startWorld({ stripe: true });
});

afterAll(() => world.close());

test("ten callers at once make one shipment, and all hear the same parcel number", async () => {
  const placed = await authorizedOrder([await shelve("Mug", 1)]);
  await processOrder({ ...placed, now });

  const answers = await Promise.all(Array.from({ length: 10 }, () => fulfillOrder({ orderId: placed.orderId, now })));

  expect(answers.filter(({ outcome }) => outcome === "packed")).toHaveLength(1);
  expect(new Set(answers.map(({ trackingNumber }) => trackingNumber)).size).toBe(1);
  const stored = await readOrder(placed.orderId);
  expect(stored).toMatchObject({
    status: "fulfilling",
    shipment: { status: "packed", trackingNumber: expect.stringMatching(/^SF\d{13}$/) },
  });
  expect(stored.events.filter(({ kind }) => kind === "fulfil")).toHaveLength(1);
  expect(await db().shipment.count({ where: { orderId: placed.orderId } })).toBe(1);
});

test("before the order is confirmed nothing is packed, and it says so", async () => {
  const placed = await authorizedOrder([await shelve("Mug", 1)]);

  expect(await fulfillOrder({ orderId: placed.orderId, now })).toEqual({ outcome: "not-ready", trackingNumber: null });

  expect(await readOrder(placed.orderId)).toMatchObject({ status: "pending", shipment: null });
});

test("an unknown order is refused", async () => {
  await expect(fulfillOrder({ orderId: newId("order"), now })).rejects.toThrow(OrderNotFoundError);
});
