import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { NotAllowedError } from "@/lib/accounts/errors";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { fulfillOrder } from "@/lib/fulfilment/fulfill-order";
import { newId } from "@/lib/ids";
import { batchTriggerOrders } from "@/lib/orders/batch-trigger-orders";
import { cancelOrder } from "@/lib/orders/cancel-order";
import { CancelUnavailableError, OrderActionRefusedError, OrderNotFoundError } from "@/lib/orders/errors";
import { getOrderForShopper } from "@/lib/orders/get-order-for-shopper";
import { getOrderForStaff } from "@/lib/orders/get-order-for-staff";
import { listOrders } from "@/lib/orders/list-orders";
import { markShipped } from "@/lib/orders/mark-shipped";
import { processOrder } from "@/lib/orders/process-order";
import { refundOrder } from "@/lib/orders/refund-order";
import { startPayment } from "@/lib/orders/start-payment";
import { expectBalancedBooks } from "@/tests/integration/inventory/balanced-books";
import { whileDatabaseIsBusy } from "@/tests/support/busy-database";
import { startWorld, type World } from "@/tests/support/world";
import {
  asked,
  atStripe,
  authorizedOrder,
  grace,
  hearFromStripe,
  order,
  pay,
  readOrder,
  readStock,
  shelve,
  stripeDashboard,
  stripeFault,
} from "./shop";

let world: World<"stripe" | "carrier" | "s3">;

const shopper: Actor = { kind: "shopper" };
const now = new Date();

beforeAll(async () => {
  world = await startWorld({ stripe: true, carrier: true, s3: true });
});

afterEach(async () => {
  setCrashTrap(undefined);
  await expectBalancedBooks();
});

afterAll(() => world.close());

test("cancelling an unpaid order closes Stripe's page, gives the stock back and tells the shopper", async () => {
  const mug = await shelve("Mug", 1);
  const placed = await order([mug]);

  await cancelOrder({ actor: grace, orderId: placed.orderId, reason: "Out of clay.", now });

  expect(await readOrder(placed.orderId)).toMatchObject({
    status: "cancelled",
    paymentStatus: "unpaid",
    cancelReason: "Out of clay.",
    payments: [{ state: "failed" }],
  });
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
  expect(await asked(placed.orderId)).toEqual(["notify:cancelled"]);
  expect(await db().auditEntry.findMany({ where: { subject: placed.orderId } })).toMatchObject([
    { actorId: "user_grace", action: "order.cancel" },
  ]);
});

test("an order whose page Stripe does not know can be cancelled at once", async () => {
  const mug = await shelve("Mug", 1);
  const placed = await order([mug]);
  await startPayment({ ...placed, now });
  await db().payment.updateMany({ where: { orderId: placed.orderId }, data: { sessionId: "cs_test_deleted" } });

  await cancelOrder({ actor: grace, orderId: placed.orderId, now });

  expect(await readOrder(placed.orderId)).toMatchObject({ status: "cancelled", payments: [{ state: "failed" }] });
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
});

test("cancelling an authorised order gives the authorisation back; its run then finds nothing to charge", async () => {
  const mug = await shelve("Mug", 1);
  const placed = await authorizedOrder([mug]);

  await cancelOrder({ actor: grace, orderId: placed.orderId, now });

  expect(await atStripe(placed.orderId)).toEqual({ statuses: ["canceled"], captures: 0 });
  expect(await processOrder({ ...placed, now })).toMatchObject({ success: false });
  expect(await readOrder(placed.orderId)).toMatchObject({ status: "cancelled", payments: [{ state: "voided" }] });
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
});

test("cancelling an order that was paid a moment ago, unheard of, gives the payment back", async () => {
  const mug = await shelve("Mug", 1);
  const placed = await order([mug]);
  await pay(placed);

  await cancelOrder({ actor: grace, orderId: placed.orderId, now });
  await hearFromStripe(placed.orderId);

  expect(await atStripe(placed.orderId)).toEqual({ statuses: ["canceled"], captures: 0 });
  expect(await readOrder(placed.orderId)).toMatchObject({ status: "cancelled" });
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
});

test("cancelling beside the charge ends in one of the two, and the money agrees", async () => {
  for (let round = 0; round < 3; round++) {
    const mug = await shelve("Mug", 1);
    const placed = await authorizedOrder([mug]);

    const [cancelled, processed] = await Promise.allSettled([
      cancelOrder({ actor: grace, orderId: placed.orderId, now }),
      processOrder({ ...placed, now }),
    ]);

    const { status } = await readOrder(placed.orderId);
    const { statuses, captures } = await atStripe(placed.orderId);
    expect(processed.status).toBe("fulfilled");
    if (status === "confirmed") {
      expect({ statuses, captures }).toEqual({ statuses: ["succeeded"], captures: 1 });
      expect(cancelled).toMatchObject({ status: "rejected", reason: expect.any(OrderActionRefusedError) });
    } else {
      expect(status).toBe("cancelled");
      // Cancelled after the charge: what was paid is to be given back.
      const { refundedAmount, totalAmount, paymentStatus } = await readOrder(placed.orderId);
      const isCharged = paymentStatus === "paid";
      expect({ statuses, captures, refundedAmount }).toEqual(
        isCharged
          ? { statuses: ["succeeded"], captures: 1, refundedAmount: totalAmount }
          : { statuses: ["canceled"], captures: 0, refundedAmount: 0 },
      );
    }
    expect(await readStock(mug)).toEqual(
      status === "confirmed" ? { onHand: 0, reserved: 0 } : { onHand: 1, reserved: 0 },
    );
  }
}, 60_000);

test("while Stripe cannot be reached an authorised order stays as it is, and can be cancelled after", async () => {
  const mug = await shelve("Mug", 1);
  const placed = await authorizedOrder([mug]);
  await stripeFault({ method: "POST", path: "/v1/payment_intents/*/cancel", kind: "error_after" });

  await expect(cancelOrder({ actor: grace, orderId: placed.orderId, now })).rejects.toThrow(CancelUnavailableError);
  expect(await readOrder(placed.orderId)).toMatchObject({ status: "pending" });
  await cancelOrder({ actor: grace, orderId: placed.orderId, now });

  expect(await readOrder(placed.orderId)).toMatchObject({ status: "cancelled" });
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
});

test("while our own database is busy nobody is told that it is Stripe", async () => {
  const placed = await order([await shelve("Mug", 1)]);

  const refused = whileDatabaseIsBusy(() => cancelOrder({ actor: grace, orderId: placed.orderId, now }));

  await expect(refused).rejects.toMatchObject({ name: "TemporaryError", vendor: "postgres" });
  await cancelOrder({ actor: grace, orderId: placed.orderId, now });
  expect(await readOrder(placed.orderId)).toMatchObject({ status: "cancelled" });
});

test("cancelling beside a run that is giving the payment back tells the shopper once", async () => {
  const placed = await authorizedOrder([await shelve("Mug", 1)]);
  const [payment] = (await readOrder(placed.orderId)).payments;
  await stripeDashboard().paymentIntents.cancel(payment?.paymentIntentId ?? "");
  setCrashTrap(async () => {
    setCrashTrap(undefined);
    await cancelOrder({ actor: grace, orderId: placed.orderId, now });
  });

  expect(await processOrder({ ...placed, now })).toMatchObject({ success: false });

  expect(await asked(placed.orderId)).toEqual(["process", "notify:cancelled"]);
});

test("what has left, was cancelled or never existed cannot be cancelled", async () => {
  const placed = await authorizedOrder([await shelve("Mug", 1)]);
  await processOrder({ ...placed, now });
  await fulfillOrder({ orderId: placed.orderId, now });
  await markShipped({ actor: grace, orderId: placed.orderId, now });

  const cancelling = cancelOrder({ actor: grace, orderId: placed.orderId, now });

  await expect(cancelling).rejects.toThrow(OrderActionRefusedError);
  await expect(cancelling).rejects.toThrow("The order cannot be cancelled now: it is shipped.");
  await expect(cancelOrder({ actor: grace, orderId: newId("order"), now })).rejects.toThrow(OrderNotFoundError);
});

test("five people who mark a packed order as shipped ship it once", async () => {
  const placed = await authorizedOrder([await shelve("Mug", 1)]);
  await processOrder({ ...placed, now });
  await expect(markShipped({ actor: grace, orderId: placed.orderId, now })).rejects.toThrow("it is confirmed");
  await fulfillOrder({ orderId: placed.orderId, now });

  const shipped = await Promise.allSettled(
    [1, 2, 3, 4, 5].map(() => markShipped({ actor: grace, orderId: placed.orderId, now })),
  );

  expect(shipped.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await readOrder(placed.orderId)).toMatchObject({
    status: "shipped",
    shipment: { status: "shipped", shippedAt: now },
  });
  expect(await asked(placed.orderId)).toContain("notify:shipped");
});

test("only staff see, cancel and ship orders", async () => {
  const { orderId } = await order([await shelve("Mug", 1)]);

  for (const actor of [shopper, { kind: "system" } as const]) {
    await expect(cancelOrder({ actor, orderId, now })).rejects.toThrow(NotAllowedError);
    await expect(markShipped({ actor, orderId, now })).rejects.toThrow(NotAllowedError);
    await expect(getOrderForStaff({ actor, id: orderId })).rejects.toThrow(NotAllowedError);
    await expect(listOrders({ actor })).rejects.toThrow(NotAllowedError);
  }
});

test("a shopper sees the order with the link's secret only, and no name of staff in it", async () => {
  const { orderId, accessToken } = await order([await shelve("Mug", 1)]);
  await cancelOrder({ actor: grace, orderId, now });

  const view = await getOrderForShopper(orderId, accessToken);

  expect(view).toMatchObject({ status: "cancelled", canPay: false, total: { amount: 2489, currency: "EUR" } });
  expect(JSON.stringify(view)).not.toContain("grace");
  await expect(getOrderForShopper(orderId, "wrong")).rejects.toThrow(OrderNotFoundError);
});

test("staff see which buttons work and page through orders, newest first", async () => {
  const placed = [];
  for (let count = 0; count < 3; count++) placed.push(await order([await shelve("Mug", 1)]));
  const [first, second, third] = placed.map(({ orderId }) => orderId);

  const page = await listOrders({ actor: grace, limit: 2 });
  const rest = await listOrders({ actor: grace, limit: 1, before: page.nextBefore ?? 0 });

  expect(page.orders.map(({ id }) => id)).toEqual([third, second]);
  expect(rest.orders.map(({ id }) => id)).toEqual([first]);
  expect((await listOrders({ actor: grace, before: 1 })).nextBefore).toBeNull();
  const found = await listOrders({ actor: grace, search: `#${rest.orders[0]?.number}` });
  expect(found.orders.map(({ id }) => id)).toEqual([first]);
  for (const { orderId } of placed)
    expect((await getOrderForStaff({ actor: grace, id: orderId })).can).toEqual({
      cancel: true,
      ship: false,
      deliver: false,
      refund: false,
      return: false,
      processAgain: false,
    });
});

test("orders are processed again as far as there is work left, and of the others it is said why", async () => {
  const mug = await shelve("Mug", 10);
  const authorized = await authorizedOrder([mug]);
  const [confirmed, refunded, packed] = [
    await authorizedOrder([mug]),
    await authorizedOrder([mug]),
    await authorizedOrder([mug]),
  ];
  for (const { orderId } of [confirmed, refunded, packed]) await processOrder({ orderId, now });
  for (const { orderId } of [refunded, packed]) await fulfillOrder({ orderId, now });
  await refundOrder({ actor: grace, orderId: refunded.orderId, wish: { kind: "rest" }, reason: "other", now });
  const unpaid = await order([mug]);
  const unknown = newId("order");
  const working = [authorized, confirmed, refunded].map(({ orderId }) => orderId);
  const orderIds = [...working, packed.orderId, unpaid.orderId, unknown, unknown];
  const again = (actor: Actor) => batchTriggerOrders({ actor, orderIds, now });

  await expect(again(shopper)).rejects.toThrow(NotAllowedError);
  const [first] = await Promise.all([again(grace), again(grace)]);

  expect(first.asked.map(({ orderId }) => orderId)).toEqual(working);
  expect(first.left.map(({ orderId, why }) => [orderId, why])).toEqual([
    [packed.orderId, "It is packed, and waits to be handed over."],
    [unpaid.orderId, "It is not paid yet, and the shopper may still pay."],
    [unknown, "There is no such order."],
  ]);
  const minute = now.toISOString().slice(0, 16);
  expect(await asked(authorized.orderId)).toEqual(["process", `process:${minute}`]);
  expect((await asked(confirmed.orderId)).at(-1)).toBe(`fulfil:${minute}`);
  expect((await asked(packed.orderId)).filter((key) => key.includes(minute))).toEqual([]);
  const refund = (await readOrder(refunded.orderId)).refunds[0]?.id;
  expect(await db().outboxMessage.count({ where: { key: `refund:${refund}:send:${minute}` } })).toBe(1);
  expect((await getOrderForStaff({ actor: grace, id: confirmed.orderId })).can.processAgain).toBe(true);
  expect((await getOrderForStaff({ actor: grace, id: packed.orderId })).can.processAgain).toBe(false);
});
