import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { NotAllowedError } from "@/lib/accounts/errors";
import { db } from "@/lib/db/client";
import { newId, type OrderId, type OrderLineId, type RefundId, type ReturnId, type VariantId } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { OrderActionRefusedError, ReturnNotFoundError, ReturnRefusedError } from "@/lib/orders/errors";
import { getOrderForStaff } from "@/lib/orders/get-order-for-staff";
import { markDelivered } from "@/lib/orders/mark-delivered";
import { type RefundWish, refundOrder } from "@/lib/orders/refund-order";
import { requestReturn } from "@/lib/orders/request-return";
import { sendRefund } from "@/lib/orders/send-refund";
import { receiveReturn, rejectReturn } from "@/lib/orders/settle-return";
import { expectBalancedBooks } from "@/tests/integration/inventory/balanced-books";
import { startWorld, type World } from "@/tests/support/world";
import { asked, confirmedOrder, grace, readOrder, readStock, refundsAtStripe, shelve, shippedOrder } from "./shop";

let world: World<"stripe" | "carrier" | "s3">;

const now = new Date();

beforeAll(async () => {
  world = await startWorld({ stripe: true, carrier: true, s3: true });
});

afterEach(() => expectBalancedBooks());

afterAll(() => world.close());

/** Three mugs at 19.99 that have left, of five. */
async function sentMugs(): Promise<{ orderId: OrderId; line: OrderLineId; mug: VariantId }> {
  const mug = await shelve("Mug", 5);
  const { orderId } = await shippedOrder([mug], 3);
  const [line] = (await readOrder(orderId)).lines;
  return { orderId, line: line?.id as OrderLineId, mug };
}

const announce = (orderId: OrderId, line: OrderLineId, quantity: number) =>
  requestReturn({ actor: grace, orderId, lines: [{ orderLineId: line, quantity }], reason: "Wrong colour.", now });
const receive = (returnId: ReturnId, line: OrderLineId, received: number, restocked = received) =>
  receiveReturn({ actor: grace, returnId, lines: [{ orderLineId: line, received, restocked }], now });
const refund = (orderId: OrderId, wish: RefundWish) =>
  refundOrder({ actor: grace, orderId, wish, reason: "requested_by_customer", now });

test("goods that come back go on the shelf as far as they can be sold, and are refunded at once", async () => {
  const { orderId, line, mug } = await sentMugs();
  const returnId = await announce(orderId, line, 2);
  expect(await readStock(mug)).toEqual({ onHand: 2, reserved: 0 });

  expect(await getOrderForStaff({ actor: grace, id: orderId })).toMatchObject({
    returns: [{ state: "requested", lines: [{ title: "Mug", quantity: 2, received: 0 }] }],
    returnable: [{ orderLineId: line, pieces: 1 }],
    refundable: { amount: { amount: 3 * 1999 + 490 } },
    can: { deliver: true, refund: true, return: true, cancel: false },
  });

  const { refundId } = await receive(returnId, line, 2, 1);

  const order = await readOrder(orderId);
  expect(order.returns).toMatchObject([
    { state: "received", reason: "Wrong colour.", requestedBy: "staff:user_grace", refundId },
  ]);
  expect(order.returns[0]?.lines).toMatchObject([{ quantity: 2, receivedQuantity: 2, restockedQuantity: 1 }]);
  expect(order.refunds).toMatchObject([{ amount: 3998, reason: "return", lines: [{ quantity: 2, amount: 3998 }] }]);
  expect(order.events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["return", "return-received", "refund"]));
  expect(await readStock(mug)).toEqual({ onHand: 3, reserved: 0 });
  expect(await asked(orderId)).toContain(`notify:return-received:${returnId}`);
  await sendRefund({ refundId: refundId as RefundId, now });
  expect(await refundsAtStripe(orderId)).toMatchObject([{ amount: 3998, status: "succeeded" }]);
});

test("no piece is announced or received twice", async () => {
  const { orderId, line } = await sentMugs();
  const first = await announce(orderId, line, 2);
  await expect(announce(orderId, line, 2)).rejects.toThrow("Only 1 of Mug can still come back, not 2.");

  await expect(receive(first, line, 3)).rejects.toThrow(ReturnRefusedError);
  await expect(receive(first, line, 1, 2)).rejects.toThrow("go back on the shelf");
  await expect(receive(first, line, 0)).rejects.toThrow("Nothing has arrived");
  await receive(first, line, 1);
  const second = await announce(orderId, line, 2);
  await receive(second, line, 2);

  await expect(receive(first, line, 1)).rejects.toThrow("settled already");
  await expect(announce(orderId, line, 1)).rejects.toThrow(ReturnRefusedError);
  const { refunds, returns } = await readOrder(orderId);
  expect([returns.length, refunds.map(({ amount }) => amount)]).toEqual([2, [1999, 3998]]);
});

test("of five who receive a return at once one does: stock and money move once", async () => {
  const { orderId, line, mug } = await sentMugs();
  const returnId = await announce(orderId, line, 3);

  const received = await Promise.allSettled([1, 2, 3, 4, 5].map(() => receive(returnId, line, 3)));

  expect(received.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await readOrder(orderId)).refunds).toMatchObject([{ amount: 3 * 1999 }]);
  expect(await readStock(mug)).toEqual({ onHand: 5, reserved: 0 });
});

test("of two who announce the same pieces at once one does", async () => {
  const { orderId, line } = await sentMugs();

  const announced = await Promise.allSettled([announce(orderId, line, 2), announce(orderId, line, 2)]);

  expect(announced.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("what was refunded before is not refunded again when it comes back", async () => {
  const { orderId, line, mug } = await sentMugs();
  await refund(orderId, { kind: "pieces", pieces: [{ orderLineId: line, quantity: 2 }], withShipping: false });
  const returnId = await announce(orderId, line, 3);

  await receive(returnId, line, 3);

  expect((await readOrder(orderId)).refunds.map(({ amount }) => amount)).toEqual([3998, 1999]);
  expect(await readStock(mug)).toEqual({ onHand: 5, reserved: 0 });
});

test("where all was given back already, goods are received without a refund", async () => {
  const { orderId, line } = await sentMugs();
  await refund(orderId, { kind: "amount", amount: money(3 * 1999 + 490, "EUR") });

  expect(await receive(await announce(orderId, line, 1), line, 1)).toEqual({ refundId: null });

  expect((await readOrder(orderId)).refunds).toHaveLength(1);
});

test("a return that is called off moves nothing, and its pieces may be announced again", async () => {
  const { orderId, line, mug } = await sentMugs();
  const returnId = await announce(orderId, line, 3);

  await rejectReturn({ actor: grace, returnId, now });

  await expect(receive(returnId, line, 1)).rejects.toThrow(ReturnRefusedError);
  expect(await readOrder(orderId)).toMatchObject({ refunds: [], returns: [{ state: "rejected" }] });
  expect(await readStock(mug)).toEqual({ onHand: 2, reserved: 0 });
  await announce(orderId, line, 3);
});

test("only staff take returns, and only of orders that have left", async () => {
  const { orderId: packed } = await confirmedOrder([await shelve("Mug", 1)]);
  const { orderId, line } = await sentMugs();
  const [unsent] = (await readOrder(packed)).lines;
  const actor = { kind: "shopper" } as const;

  await expect(announce(packed, unsent?.id as OrderLineId, 1)).rejects.toThrow(OrderActionRefusedError);
  await expect(announce(orderId, unsent?.id as OrderLineId, 1)).rejects.toThrow("not of this order");
  await expect(requestReturn({ actor, orderId, lines: [], reason: "", now })).rejects.toThrow(NotAllowedError);
  await expect(receive(newId("return"), line, 1)).rejects.toThrow(ReturnNotFoundError);
  const returnId = await announce(orderId, line, 1);
  await expect(receiveReturn({ actor, returnId, lines: [], now })).rejects.toThrow(NotAllowedError);
  await expect(rejectReturn({ actor, returnId, now })).rejects.toThrow(NotAllowedError);
});

test("of five who mark a parcel as delivered one does; then goods can still come back", async () => {
  const { orderId, line } = await sentMugs();

  const delivered = await Promise.allSettled([1, 2, 3, 4, 5].map(() => markDelivered({ actor: grace, orderId, now })));

  expect(delivered.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await readOrder(orderId)).toMatchObject({
    status: "delivered",
    shipment: { status: "delivered", deliveredAt: now },
  });
  expect(await db().auditEntry.count({ where: { subject: orderId, action: "order.deliver" } })).toBe(1);
  await receive(await announce(orderId, line, 1), line, 1);
});
