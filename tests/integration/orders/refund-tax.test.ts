import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { OrderId, OrderLineId } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { type RefundWish, refundOrder } from "@/lib/orders/refund-order";
import { startWorld, type World } from "@/tests/support/world";
import { addTax } from "./price-list";
import { ada, confirmedOrder, grace, hearAbout, paymentIntentOf, readOrder, shelve, stripeDashboard } from "./shop";

let world: World<"stripe" | "carrier" | "s3">;

const now = new Date();

beforeAll(async () => {
  world = await startWorld({ stripe: true, carrier: true, s3: true });
  await addTax(ada.shipTo.country, 2_000);
});

afterAll(() => world.close());

const promise = (orderId: OrderId, wish: RefundWish) =>
  refundOrder({ actor: grace, orderId, wish, reason: "requested_by_customer", now });

test("each refund keeps the tax in it, whoever made it, and together they keep the order's", async () => {
  const { orderId } = await confirmedOrder([await shelve("Mug", 9)], 3);
  const { taxAmount, shippingTaxAmount, lines } = await readOrder(orderId);
  expect([taxAmount, shippingTaxAmount]).toEqual([1_082, 82]); // a sixth of 59.97 and of 4.90
  const orderLineId = lines[0]?.id as OrderLineId;

  await promise(orderId, { kind: "pieces", pieces: [{ orderLineId, quantity: 1 }], withShipping: true });
  const made = await stripeDashboard().refunds.create({
    payment_intent: await paymentIntentOf(orderId),
    amount: 1_000,
  });
  await hearAbout(made.id, "refund.created");
  await promise(orderId, { kind: "amount", amount: money(7, "EUR") });
  await promise(orderId, { kind: "rest" });

  const refunds = await db().refund.findMany({ where: { orderId }, include: { lines: true }, orderBy: { id: "asc" } });
  expect(refunds).toMatchObject([
    { amount: 2_489, taxAmount: 415, shippingTaxAmount: 82, lines: [{ amount: 1_999, taxAmount: 333 }] },
    { amount: 1_000, taxAmount: 167, shippingTaxAmount: 0, lines: [] },
    { amount: 7, taxAmount: 1, shippingTaxAmount: 0, lines: [] },
    { amount: 2_991 },
  ]);
  expect(refunds.reduce((sum, refund) => sum + refund.taxAmount, 0)).toBe(taxAmount);
});

test("the database keeps no more tax in a refund than money", async () => {
  const { orderId } = await confirmedOrder([await shelve("Mug", 9)], 1);
  const refundId = await promise(orderId, { kind: "amount", amount: money(100, "EUR") });

  await expect(db().refund.update({ where: { id: refundId }, data: { taxAmount: 101 } })).rejects.toThrow(/tax/);
});
