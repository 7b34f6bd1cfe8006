import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { fulfillOrder } from "@/lib/fulfilment/fulfill-order";
import type { OrderId, RefundId } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { cancelOrder } from "@/lib/orders/cancel-order";
import { cancelOwnOrder } from "@/lib/orders/cancel-own-order";
import { OrderActionRefusedError, OrderNotFoundError } from "@/lib/orders/errors";
import { getOrderForShopper } from "@/lib/orders/get-order-for-shopper";
import { markShipped } from "@/lib/orders/mark-shipped";
import { refundOrder } from "@/lib/orders/refund-order";
import { sendRefund } from "@/lib/orders/send-refund";
import { expectBalancedBooks } from "@/tests/integration/inventory/balanced-books";
import { startWorld, type World } from "@/tests/support/world";
import { asked, atStripe, confirmedOrder, grace, readOrder, readStock, refundsAtStripe, shelve } from "./shop";

let world: World<"stripe" | "carrier" | "s3">;

const now = new Date();

beforeAll(async () => {
  world = await startWorld({ stripe: true, carrier: true, s3: true });
});

afterEach(() => expectBalancedBooks());

afterAll(() => world.close());

const cancel = (orderId: OrderId) => cancelOrder({ actor: grace, orderId, reason: "Out of clay.", now });
const whySettled = (results: PromiseSettledResult<unknown>[]) => results.map(({ status }) => status);

test("cancelling a paid order promises the money back, puts the goods back and tells the shopper", async () => {
  const [mug, brush] = [await shelve("Mug", 5), await shelve("Brush", 1)];
  const { orderId } = await confirmedOrder([mug, brush]);

  await cancel(orderId);

  const { lines, refunds, ...order } = await readOrder(orderId);
  expect(order).toMatchObject({ status: "cancelled", paymentStatus: "paid", cancelReason: "Out of clay." });
  expect(refunds).toMatchObject([
    { amount: order.totalAmount, shippingAmount: 490, reason: "cancellation", requestedBy: "staff:user_grace" },
  ]);
  expect(refunds[0]?.lines.map(({ quantity, amount }) => [quantity, amount])).toEqual(
    lines.map(({ quantity, totalAmount }) => [quantity, totalAmount]),
  );
  expect([await readStock(mug), await readStock(brush)]).toMatchObject([{ onHand: 5 }, { onHand: 1 }]);
  expect(await asked(orderId)).toContain("notify:cancelled");
  expect(await db().auditEntry.count({ where: { subject: orderId, action: "order.cancel" } })).toBe(1);
  await sendRefund({ refundId: refunds[0]?.id as RefundId, now });
  expect(await readOrder(orderId)).toMatchObject({ refundStatus: "full" });
  expect(await refundsAtStripe(orderId)).toMatchObject([{ amount: order.totalAmount, status: "succeeded" }]);
});

test("a shopper cancels with the link's secret, as long as nothing is packed", async () => {
  const mug = await shelve("Mug", 2);
  const [first, second] = [await confirmedOrder([mug]), await confirmedOrder([mug])];
  expect(await getOrderForShopper(first.orderId, first.accessToken)).toMatchObject({ canCancel: true });

  await expect(cancelOwnOrder({ ...first, accessToken: second.accessToken, now })).rejects.toThrow(OrderNotFoundError);
  await cancelOwnOrder({ ...first, now });
  await fulfillOrder({ orderId: second.orderId, now });
  const tooLate = cancelOwnOrder({ ...second, now });

  await expect(tooLate).rejects.toThrow("The order cannot be cancelled now: it is packed already.");
  expect(await getOrderForShopper(first.orderId, first.accessToken)).toMatchObject({
    status: "cancelled",
    canCancel: false,
  });
  expect(await readOrder(first.orderId)).toMatchObject({ refunds: [{ requestedBy: "shopper" }] });
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
  await expect(cancelOwnOrder({ ...first, now })).rejects.toThrow(OrderActionRefusedError);
});

test("an order that is packed can be called back by staff, and its parcel is none any more", async () => {
  const mug = await shelve("Mug", 1);
  const placed = await confirmedOrder([mug]);
  await fulfillOrder({ orderId: placed.orderId, now });

  await cancel(placed.orderId);

  expect(await readOrder(placed.orderId)).toMatchObject({ status: "cancelled", shipment: { status: "cancelled" } });
  expect((await getOrderForShopper(placed.orderId, placed.accessToken)).shipment).toBeNull();
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
  await expect(markShipped({ actor: grace, orderId: placed.orderId, now })).rejects.toThrow(OrderActionRefusedError);
  expect(await fulfillOrder({ orderId: placed.orderId, now })).toMatchObject({ outcome: "not-ready" });
});

test("a shopper who cancels beside whoever packs: one of the two wins, and goods and money agree", async () => {
  for (let round = 0; round < 8; round++) {
    const mug = await shelve("Mug", 1);
    const placed = await confirmedOrder([mug]);
    const steps = [
      () => cancelOwnOrder({ ...placed, now }),
      () => fulfillOrder({ orderId: placed.orderId, now }),
      () => fulfillOrder({ orderId: placed.orderId, now }),
    ];
    if (round % 2 === 1) steps.reverse();

    const results = await Promise.allSettled(steps.map((step) => step()));

    const { status, refunds, shipment, refundedAmount, totalAmount } = await readOrder(placed.orderId);
    if (status === "cancelled") {
      expect(whySettled(results)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
      expect({ refunds: refunds.length, shipment, refundedAmount }).toEqual({
        refunds: 1,
        shipment: null,
        refundedAmount: totalAmount,
      });
      expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
    } else {
      expect(status).toBe("fulfilling");
      expect(whySettled(results).filter((one) => one === "rejected")).toHaveLength(1);
      expect({ refunds: refunds.length, refundedAmount }).toEqual({ refunds: 0, refundedAmount: 0 });
      expect(await readStock(mug)).toEqual({ onHand: 0, reserved: 0 });
    }
  }
}, 60_000);

test("staff who cancel beside staff who ship: one of the two wins", async () => {
  for (let round = 0; round < 4; round++) {
    const mug = await shelve("Mug", 1);
    const { orderId } = await confirmedOrder([mug]);
    await fulfillOrder({ orderId, now });

    const results = await Promise.allSettled([cancel(orderId), markShipped({ actor: grace, orderId, now })]);

    expect(whySettled(results).sort()).toEqual(["fulfilled", "rejected"]);
    const { status, shipment, refunds } = await readOrder(orderId);
    expect([status, shipment?.status, refunds.length]).toEqual(
      results[0].status === "fulfilled" ? ["cancelled", "cancelled", 1] : ["shipped", "shipped", 0],
    );
  }
}, 60_000);

test("five who cancel at once cancel once: one refund, the goods back once", async () => {
  const mug = await shelve("Mug", 3);
  const { orderId } = await confirmedOrder([mug], 2);

  const results = await Promise.allSettled([1, 2, 3, 4, 5].map(() => cancel(orderId)));

  expect(whySettled(results).filter((one) => one === "fulfilled")).toHaveLength(1);
  expect((await readOrder(orderId)).refunds).toHaveLength(1);
  expect(await readStock(mug)).toEqual({ onHand: 3, reserved: 0 });
  expect((await atStripe(orderId)).captures).toBe(1);
});

test("what was given back before is not given back again", async () => {
  const mug = await shelve("Mug", 2);
  const [some, all] = [await confirmedOrder([mug]), await confirmedOrder([mug])];
  const refund = (orderId: OrderId, amount: number) =>
    refundOrder({
      actor: grace,
      orderId,
      wish: { kind: "amount", amount: money(amount, "EUR") },
      reason: "other",
      now,
    });
  await refund(some.orderId, 1000);
  await refund(all.orderId, 2489);

  await cancel(some.orderId);
  await cancel(all.orderId);

  expect((await readOrder(some.orderId)).refunds.map(({ amount }) => amount)).toEqual([1000, 1489]);
  expect((await readOrder(all.orderId)).refunds.map(({ amount }) => amount)).toEqual([2489]);
  expect(await readStock(mug)).toEqual({ onHand: 2, reserved: 0 });
});

test("of goods that are not counted none are put back", async () => {
  const gift = await shelve("Gift card", null);
  const { orderId } = await confirmedOrder([gift]);

  await cancel(orderId);

  expect(await readStock(gift)).toEqual({ onHand: 0, reserved: 0 });
  expect(await db().stockMovement.count({ where: { orderId, kind: "returned" } })).toBe(0);
});
