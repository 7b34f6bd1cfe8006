import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { NotAllowedError } from "@/lib/accounts/errors";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { TemporaryError } from "@/lib/errors";
import { LabelNotFoundError } from "@/lib/fulfilment/errors";
import { fulfillOrder } from "@/lib/fulfilment/fulfill-order";
import { openLabel } from "@/lib/fulfilment/open-label";
import { newId, type OrderId } from "@/lib/ids";
import { OrderNotFoundError } from "@/lib/orders/errors";
import { processOrder } from "@/lib/orders/process-order";
import { ada, authorizedOrder, crashOnceAt, readOrder, shelve } from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";
import { labelsOf } from "./labels";

let world: World<"stripe" | "carrier" | "s3">;
const now = new Date();
const grace: Actor = { kind: "staff", userId: "user_grace", role: "staff", email: "grace@shopfloor.example" };

beforeAll(async () => {
  world = await startWorld({ stripe: true, carrier: true, s3: true });
});

afterEach(() => setCrashTrap(undefined));

afterAll(() => world.close());

/** A confirmed order for one mug, to this street. */
async function confirmed(line1 = ada.shipTo.line1): Promise<OrderId> {
  const placed = await authorizedOrder([await shelve("Mug", 1)]);
  await db().order.update({ where: { id: placed.orderId }, data: { shipTo: { ...ada.shipTo, line1 } } });
  await processOrder({ ...placed, now });
  return placed.orderId;
}

async function expectOneParcel(orderId: OrderId): Promise<void> {
  const stored = await readOrder(orderId);
  const labels = await labelsOf(orderId);
  expect(labels).toMatchObject([{ voidedAt: null }]);
  expect(stored).toMatchObject({
    status: "fulfilling",
    shipment: {
      status: "packed",
      carrier: "Parcel Post",
      trackingNumber: labels[0]?.trackingNumber,
      labelKey: `labels/${labels[0]?.reference}.pdf`,
    },
  });
  expect(stored.events.filter(({ kind }) => kind === "fulfil")).toHaveLength(1);
  expect(await db().shippingLabel.findMany({ where: { orderId } })).toMatchObject([{ state: "bought" }]);
}

test("ten callers at once make one shipment and one label, and all hear the same parcel number", async () => {
  const orderId = await confirmed();

  const answers = await Promise.all(Array.from({ length: 10 }, () => fulfillOrder({ orderId, now })));

  expect(answers.filter(({ outcome }) => outcome === "packed")).toHaveLength(1);
  expect(answers.filter(({ outcome }) => outcome === "already-packed")).toHaveLength(9);
  expect(new Set(answers.map(({ trackingNumber }) => trackingNumber)).size).toBe(1);
  await expectOneParcel(orderId);
});

test.each([
  "fulfill-order.label-asked",
  "fulfill-order.label-bought",
  "fulfill-order.label-stored",
  "fulfill-order.packed",
])("a crash at %s and another run is one shipment and one label", async (place) => {
  const orderId = await confirmed();
  crashOnceAt(place);

  await expect(fulfillOrder({ orderId, now })).rejects.toThrow(`crashed at ${place}`);
  const again = await fulfillOrder({ orderId, now });

  expect(again.outcome).toBe(place === "fulfill-order.packed" ? "already-packed" : "packed");
  await expectOneParcel(orderId);
});

test("a crash among ten callers, and ten more, is one shipment and one label", async () => {
  const orderId = await confirmed();
  crashOnceAt("fulfill-order.label-bought");

  await Promise.allSettled(Array.from({ length: 10 }, () => fulfillOrder({ orderId, now })));
  await Promise.all(Array.from({ length: 10 }, () => fulfillOrder({ orderId, now })));

  await expectOneParcel(orderId);
});

test.each([
  ["before the label was made", "1 Drop before Street"],
  ["after the label was made", "1 Drop after Street"],
  ["by a fault of the carrier's", "1 Carrier fails Street"],
  ["because the carrier is busy", "1 Carrier busy Street"],
])("a call that fails %s is tried again, and comes to one label", async (_, street) => {
  const orderId = await confirmed(street);

  await expect(fulfillOrder({ orderId, now })).rejects.toThrow(TemporaryError);
  expect(await readOrder(orderId)).toMatchObject({ status: "confirmed", shipment: null });
  await fulfillOrder({ orderId, now });

  await expectOneParcel(orderId);
});

test("what the carrier is told does not change between two tries, whatever becomes of the product meanwhile", async () => {
  const mug = await shelve("Mug", 1);
  await db().variant.update({ where: { id: mug }, data: { weightGrams: 350 } });
  const placed = await authorizedOrder([mug]);
  await processOrder({ ...placed, now });
  crashOnceAt("fulfill-order.label-bought");
  await expect(fulfillOrder({ orderId: placed.orderId, now })).rejects.toThrow();
  await db().variant.update({ where: { id: mug }, data: { weightGrams: 900 } });

  await fulfillOrder({ orderId: placed.orderId, now });

  expect(await labelsOf(placed.orderId)).toMatchObject([{ parcel: { weightGrams: 350 } }]);
});

test("an order that is cancelled while its label is bought is not packed, and the label is taken back", async () => {
  const orderId = await confirmed();
  setCrashTrap(async (place) => {
    if (place === "fulfill-order.label-stored")
      await db().order.update({ where: { id: orderId }, data: { status: "cancelled" } });
  });

  expect(await fulfillOrder({ orderId, now })).toEqual({ outcome: "not-ready", trackingNumber: null });

  expect(await readOrder(orderId)).toMatchObject({ status: "cancelled", shipment: null });
  expect(await labelsOf(orderId)).toMatchObject([{ voidedAt: expect.any(String) }]);
});

test("a label that was bought after another run had taken it back is taken back by the run that follows", async () => {
  const orderId = await confirmed();
  const cancelAndTakeBack = async () => {
    await db().order.update({ where: { id: orderId }, data: { status: "cancelled" } });
    await fulfillOrder({ orderId, now });
  };
  // Both stand at the carrier's door: the one that takes back is faster, and the buyer dies with its answer.
  setCrashTrap(async (name) => {
    if (name === "fulfill-order.label-asked") await cancelAndTakeBack();
    if (name === "fulfill-order.label-bought") throw new Error("crashed");
  });
  await expect(fulfillOrder({ orderId, now })).rejects.toThrow("crashed");
  setCrashTrap(undefined);
  expect(await labelsOf(orderId)).toMatchObject([{ voidedAt: null }]);

  await fulfillOrder({ orderId, now });

  expect(await labelsOf(orderId)).toMatchObject([{ voidedAt: expect.any(String) }]);
});

test("a label whose run died before the order was cancelled is taken back by the next run", async () => {
  const orderId = await confirmed();
  crashOnceAt("fulfill-order.label-bought");
  await expect(fulfillOrder({ orderId, now })).rejects.toThrow();
  await db().order.update({ where: { id: orderId }, data: { status: "cancelled" } });

  await fulfillOrder({ orderId, now });
  await fulfillOrder({ orderId, now });

  expect(await labelsOf(orderId)).toMatchObject([{ voidedAt: expect.any(String) }]);
  expect(await db().shippingLabel.findMany({ where: { orderId } })).toMatchObject([{ state: "void" }]);
});

test("staff print the label; nobody else does, and none is there before the order is packed", async () => {
  const orderId = await confirmed();
  await expect(openLabel({ actor: grace, orderId })).rejects.toThrow(LabelNotFoundError);
  await fulfillOrder({ orderId, now });

  const { stream, contentType, fileName } = await openLabel({ actor: grace, orderId });

  const bytes = Buffer.from(await new Response(stream).arrayBuffer());
  expect(contentType).toBe("application/pdf");
  expect(fileName).toMatch(/^label-PP\d{13}\.pdf$/);
  expect(bytes.subarray(0, 5).toString()).toBe("%PDF-");
  await expect(openLabel({ actor: { kind: "shopper" }, orderId })).rejects.toThrow(NotAllowedError);
});

test("before the order is confirmed nothing is packed and no label is asked for, and it says so", async () => {
  const placed = await authorizedOrder([await shelve("Mug", 1)]);

  expect(await fulfillOrder({ orderId: placed.orderId, now })).toEqual({ outcome: "not-ready", trackingNumber: null });

  expect(await readOrder(placed.orderId)).toMatchObject({ status: "pending", shipment: null });
  expect(await labelsOf(placed.orderId)).toEqual([]);
});

test("an unknown order is refused", async () => {
  await expect(fulfillOrder({ orderId: newId("order"), now })).rejects.toThrow(OrderNotFoundError);
});
