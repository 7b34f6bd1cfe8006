import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { TemporaryError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { OrderNotFoundError, OrderNotPaidError, PaymentMismatchError } from "@/lib/orders/errors";
import { expireOrder, expireUnpaid } from "@/lib/orders/expire-order";
import type { OrderProgress } from "@/lib/orders/order-progress";
import { processOrder } from "@/lib/orders/process-order";
import { startPayment } from "@/lib/orders/start-payment";
import { expectBalancedBooks } from "@/tests/integration/inventory/balanced-books";
import { startWorld, type World } from "@/tests/support/world";
import {
  asked,
  atStripe,
  authorizedOrder,
  crashOnceAt,
  hearFromStripe,
  order,
  pay,
  readOrder,
  readStock,
  shelve,
  stripeDashboard,
  stripeFault,
  typeCard,
} from "./shop";

let world: World<"stripe">;

beforeAll(async () => {
  world = await startWorld({ stripe: true });
});

afterEach(async () => {
  setCrashTrap(undefined);
  await expectBalancedBooks();
});

afterAll(() => world.close());

const capture = { method: "POST", path: "/v1/payment_intents/*/capture" };

test("an authorised order is charged, confirmed, sold from stock, and its mail and parcel are asked for", async () => {
  const mug = await shelve("Blue mug", 3);
  const placed = await authorizedOrder([mug], 2);
  const told: OrderProgress[] = [];

  const processed = await processOrder({ ...placed, now: new Date(), report: (progress) => told.push(progress) });

  expect(processed).toMatchObject({ success: true, orderId: placed.orderId });
  expect(await readOrder(placed.orderId)).toMatchObject({
    status: "confirmed",
    paymentStatus: "paid",
    confirmedAt: expect.any(Date),
    totalAmount: 2 * 1999 + 490,
    payments: [{ id: processed.paymentId, state: "captured", amount: 2 * 1999 + 490 }],
    reservations: [],
  });
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
  expect(await atStripe(placed.orderId)).toEqual({ statuses: ["succeeded"], captures: 1 });
  expect(await asked(placed.orderId)).toEqual(["process", "notify:confirmation", "fulfil"]);
  expect(told.map(({ step }) => step)).toEqual(["validate", "reserve", "charge", "confirm", "notify", "fulfil"]);
  expect(told.at(-1)?.progress).toEqual({ done: 6, total: 6, unit: "steps" });
});

test("five runs at once charge once and sell once", async () => {
  const mug = await shelve("Green mug", 5);
  const placed = await authorizedOrder([mug]);

  const runs = await Promise.all([1, 2, 3, 4, 5].map(() => processOrder({ ...placed, now: new Date() })));

  expect(runs.every(({ success }) => success)).toBe(true);
  expect(await atStripe(placed.orderId)).toEqual({ statuses: ["succeeded"], captures: 1 });
  expect(await readStock(mug)).toEqual({ onHand: 4, reserved: 0 });
  expect((await readOrder(placed.orderId)).events.filter(({ kind }) => kind === "confirm")).toHaveLength(1);
});

test.each(["process-order.reserved", "process-order.captured"])(
  "a run that dies at %s is finished by the next one, with one charge",
  async (place) => {
    const mug = await shelve("Mug", 1);
    const placed = await authorizedOrder([mug]);
    crashOnceAt(place);

    await expect(processOrder({ ...placed, now: new Date() })).rejects.toThrow("crashed");
    const resumed = await processOrder({ ...placed, now: new Date() });

    expect(resumed.success).toBe(true);
    expect(await readOrder(placed.orderId)).toMatchObject({ status: "confirmed", paymentStatus: "paid" });
    expect(await atStripe(placed.orderId)).toEqual({ statuses: ["succeeded"], captures: 1 });
    expect(await readStock(mug)).toEqual({ onHand: 0, reserved: 0 });
  },
);

test("what a run that died in the charge holds is not taken back by the sweep", async () => {
  const mug = await shelve("Held mug", 1);
  const placed = await authorizedOrder([mug]);
  crashOnceAt("process-order.captured");
  await expect(processOrder({ ...placed, now: new Date() })).rejects.toThrow("crashed");

  const outcome = await expireOrder({ orderId: placed.orderId, now: new Date() });

  expect(outcome).toBe("unchanged");
  expect((await readOrder(placed.orderId)).reservations).toMatchObject([{ quantity: 1, expiresAt: null }]);
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 1 });
});

test("a connection lost after Stripe charged is looked up by Stripe's key: one charge", async () => {
  const placed = await authorizedOrder([await shelve("Mug", 1)]);
  await stripeFault({ ...capture, kind: "drop_after" });

  const processed = await processOrder({ ...placed, now: new Date() });

  expect(processed.success).toBe(true);
  expect(await atStripe(placed.orderId)).toEqual({ statuses: ["succeeded"], captures: 1 });
});

test("a 500 after the charge undoes nothing; the next run finds the money and confirms", async () => {
  const mug = await shelve("Mug", 1);
  const placed = await authorizedOrder([mug]);
  await stripeFault({ ...capture, kind: "error_after" });

  await expect(processOrder({ ...placed, now: new Date() })).rejects.toThrow(TemporaryError);
  expect(await readOrder(placed.orderId)).toMatchObject({ status: "pending", paymentStatus: "authorized" });
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 1 });
  const resumed = await processOrder({ ...placed, now: new Date() });

  expect(resumed.success).toBe(true);
  expect(await atStripe(placed.orderId)).toEqual({ statuses: ["succeeded"], captures: 1 });
});

test("a 500 before the charge is tried again with a key that Stripe does not answer from memory", async () => {
  const placed = await authorizedOrder([await shelve("Mug", 1)]);
  await stripeFault({ ...capture, kind: "error_before", times: 3 });

  await expect(processOrder({ ...placed, now: new Date() })).rejects.toThrow(TemporaryError);
  const resumed = await processOrder({ ...placed, now: new Date() });

  expect(resumed.success).toBe(true);
  expect(await atStripe(placed.orderId)).toEqual({ statuses: ["succeeded"], captures: 1 });
  const [captured] = (await stripeDashboard().events.list({ type: "charge.captured", limit: 1 })).data;
  expect(captured?.request?.idempotency_key).toBe(`${resumed.paymentId}:capture:2`);
});

test("a payment that was given back before the charge ends the order and gives its stock back", async () => {
  const mug = await shelve("Mug", 1);
  const placed = await authorizedOrder([mug]);
  const [payment] = (await readOrder(placed.orderId)).payments;
  await stripeDashboard().paymentIntents.cancel(payment?.paymentIntentId ?? "");

  const processed = await processOrder({ ...placed, now: new Date() });

  expect(processed.success).toBe(false);
  expect(await readOrder(placed.orderId)).toMatchObject({
    status: "cancelled",
    paymentStatus: "failed",
    cancelReason: expect.stringContaining("You have not been charged."),
    payments: [{ state: "voided" }],
    reservations: [],
  });
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
  expect(await asked(placed.orderId)).toEqual(["process", "notify:payment-failed"]);
});

test("an authorisation that does not fit the order is given back, not charged", async () => {
  const placed = await authorizedOrder([await shelve("Mug", 1)]);
  await db().payment.updateMany({ where: { orderId: placed.orderId }, data: { amount: 1 } });

  const processed = await processOrder({ ...placed, now: new Date() });

  expect(processed.success).toBe(false);
  expect(await atStripe(placed.orderId)).toEqual({ statuses: ["canceled"], captures: 0 });
});

test("a payment that somebody charged at Stripe's dashboard is confirmed, not undone", async () => {
  const mug = await shelve("Mug", 1);
  const placed = await authorizedOrder([mug]);
  const [payment] = (await readOrder(placed.orderId)).payments;
  await stripeDashboard().paymentIntents.capture(payment?.paymentIntentId ?? "");

  const processed = await processOrder({ ...placed, now: new Date() });

  expect(processed.success).toBe(true);
  expect(await readOrder(placed.orderId)).toMatchObject({ status: "confirmed", paymentStatus: "paid" });
  expect(await readStock(mug)).toEqual({ onHand: 0, reserved: 0 });
});

test("a payment that somebody charged in part is left to a person: nothing is confirmed and nothing undone", async () => {
  const mug = await shelve("Mug", 1);
  const placed = await authorizedOrder([mug]);
  const [payment] = (await readOrder(placed.orderId)).payments;
  await stripeDashboard().paymentIntents.capture(payment?.paymentIntentId ?? "", { amount_to_capture: 100 });

  await expect(processOrder({ ...placed, now: new Date() })).rejects.toThrow(PaymentMismatchError);

  expect(await readOrder(placed.orderId)).toMatchObject({ status: "pending", paymentStatus: "authorized" });
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 1 });
});

test("an undoing that dies half-way is finished by the next run, once", async () => {
  const mug = await shelve("Mug", 1);
  const placed = await authorizedOrder([mug]);
  const [payment] = (await readOrder(placed.orderId)).payments;
  await stripeDashboard().paymentIntents.cancel(payment?.paymentIntentId ?? "");
  crashOnceAt("process-order.voided");

  await expect(processOrder({ ...placed, now: new Date() })).rejects.toThrow("crashed");
  await processOrder({ ...placed, now: new Date() });
  await processOrder({ ...placed, now: new Date() });

  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
  expect((await readOrder(placed.orderId)).events.filter(({ kind }) => kind === "fail")).toHaveLength(1);
});

test("a payment that comes after the hold ran out takes the stock again and goes through", async () => {
  const mug = await shelve("Mug", 1);
  const placed = await paidTooLate([mug]);

  const processed = await processOrder({ ...placed, now: new Date() });

  expect(processed.success).toBe(true);
  expect(await readOrder(placed.orderId)).toMatchObject({ status: "confirmed", paymentStatus: "paid" });
  expect(await readStock(mug)).toEqual({ onHand: 0, reserved: 0 });
});

test("a payment that comes after the stock went to somebody else is given back, and the shopper is told", async () => {
  const mug = await shelve("Last mug", 1);
  const late = await paidTooLate([mug]);
  const other = await authorizedOrder([mug]);

  const processed = await processOrder({ ...late, now: new Date() });

  expect(processed.success).toBe(false);
  expect(await readOrder(late.orderId)).toMatchObject({
    status: "cancelled",
    paymentStatus: "failed",
    cancelReason: "An item was sold out before your payment arrived. You have not been charged.",
  });
  expect(await atStripe(late.orderId)).toEqual({ statuses: ["canceled"], captures: 0 });
  expect(await asked(late.orderId)).toContain("notify:payment-failed");
  expect((await processOrder({ ...other, now: new Date() })).success).toBe(true);
});

test("a payment whose message is late is found at Stripe when the order is processed", async () => {
  const placed = await order([await shelve("Mug", 1)]);
  await pay(placed);

  const processed = await processOrder({ ...placed, now: new Date() });

  expect(processed.success).toBe(true);
});

test("an order that nobody paid is refused and stays as it is", async () => {
  const placed = await order([await shelve("Mug", 1)]);

  await expect(processOrder({ ...placed, now: new Date() })).rejects.toThrow(OrderNotPaidError);
  await expect(processOrder({ orderId: newId("order"), now: new Date() })).rejects.toThrow(OrderNotFoundError);

  expect(await readOrder(placed.orderId)).toMatchObject({ status: "pending", paymentStatus: "unpaid" });
});

/** The hold is ended while the shopper pays: our side of it is written down before Stripe's page is closed. */
async function paidTooLate(variants: Parameters<typeof order>[0]) {
  const placed = await order(variants);
  const start = await startPayment({ ...placed, now: new Date() });
  if (start.kind !== "pay") throw new Error("There is nothing to pay");
  await expireWithoutStripe(placed.orderId);
  await typeCard(start.url);
  await hearFromStripe(placed.orderId);
  return placed;
}

async function expireWithoutStripe(orderId: Parameters<typeof readOrder>[0]): Promise<void> {
  const [payment] = (await readOrder(orderId)).payments;
  if (!payment) throw new Error("The order has no payment");
  await transaction((tx) => expireUnpaid(tx, payment, new Date()));
}
