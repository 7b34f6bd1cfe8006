import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { OutOfStockError } from "@/lib/inventory/errors";
import { AmountNotPayableError, EmptyCartError, NotOnSaleError, TooManyLinesError } from "@/lib/orders/errors";
import { placeOrder } from "@/lib/orders/place-order";
import { OrderAccessInput, PlaceOrderInput } from "@/lib/orders/schema";
import { expectBalancedBooks } from "@/tests/integration/inventory/balanced-books";
import { startWorld, type World } from "@/tests/support/world";
import { ada, fillCart, minutes, order, readOrder, readStock, shelve } from "./shop";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterEach(expectBalancedBooks);

afterAll(() => world.close());

test("an order keeps its prices and holds its stock for forty minutes", async () => {
  const mug = await shelve("Mug", 5, 1250);
  const vice = await shelve("Vice", 2, 4900);
  const now = new Date();

  const placed = await placeOrder({ cartId: await fillCart([mug, vice], 2), input: ada, now });
  await db().variant.update({ where: { id: mug }, data: { priceAmount: 9999 } });

  const stored = await readOrder(placed.orderId);
  expect(stored).toMatchObject({
    status: "pending",
    paymentStatus: "unpaid",
    email: "ada@example.com",
    subtotalAmount: 12_300,
    shippingAmount: 0,
    totalAmount: 12_300,
    payments: [{ state: "created", amount: 12_300, currency: "EUR" }],
    events: [{ kind: "place", actor: "shopper" }],
  });
  expect(stored.lines.map(({ unitPriceAmount }) => unitPriceAmount)).toEqual([1250, 4900]);
  expect(stored.reservations.map(({ expiresAt }) => expiresAt?.getTime())).toEqual(
    Array(2).fill(now.getTime() + minutes(40)),
  );
  expect(await readStock(mug)).toEqual({ onHand: 5, reserved: 2 });
});

test("twenty buyers of the last item: one gets it, nineteen are told so", async () => {
  const mug = await shelve("Last blue mug", 1);
  const carts = await Promise.all(Array.from({ length: 20 }, () => fillCart([mug])));

  const results = await Promise.allSettled(carts.map((cartId) => placeOrder({ cartId, input: ada, now: new Date() })));

  const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  expect(refused).toHaveLength(19);
  for (const refusal of refused) expect(refusal).toBeInstanceOf(OutOfStockError);
  expect(refused[0]?.publicMessage).toContain("Last blue mug has just been sold out");
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 1 });
});

test("buyers who take the same two items in opposite order do not lock each other out", async () => {
  const mug = await shelve("Mug", 50);
  const vice = await shelve("Vice", 50);

  const orders = await Promise.all(
    Array.from({ length: 10 }, (_, index) => order(index % 2 ? [mug, vice] : [vice, mug])),
  );

  expect(orders).toHaveLength(10);
  expect(await readStock(mug)).toEqual({ onHand: 50, reserved: 10 });
});

test("the same cart placed five times at once is one order", async () => {
  const mug = await shelve("Mug", 5);
  const cartId = await fillCart([mug]);

  const placed = await Promise.all([1, 2, 3, 4, 5].map(() => placeOrder({ cartId, input: ada, now: new Date() })));

  expect(new Set(placed.map(({ orderId }) => orderId)).size).toBe(1);
  expect(await readStock(mug)).toEqual({ onHand: 5, reserved: 1 });
});

test("a form that is sent again with a corrected address corrects the order, until it is paid", async () => {
  const cartId = await fillCart([await shelve("Mug", 5)]);
  const placeWith = (line1: string) =>
    placeOrder({ cartId, input: { email: "ada@new.example", shipTo: { ...ada.shipTo, line1 } }, now: new Date() });
  const { orderId } = await placeOrder({ cartId, input: ada, now: new Date() });

  await placeWith("1 Right Street");
  await placeWith("1 Right Street");
  const unpaid = await readOrder(orderId);
  await db().order.update({ where: { id: orderId }, data: { paymentStatus: "authorized" } });
  await placeWith("9 Late Street");
  const paid = await readOrder(orderId);

  expect(unpaid).toMatchObject({ email: "ada@new.example", shipTo: { name: "Ada Lovelace", line1: "1 Right Street" } });
  expect(unpaid.events.map(({ kind }) => kind)).toEqual(["place", "correct"]);
  expect(paid).toMatchObject({ shipTo: { line1: "1 Right Street" } });
  expect(paid.events).toHaveLength(2);
});

test("when one line cannot be had nothing is held and no order is made", async () => {
  const mug = await shelve("Mug", 5);
  const vice = await shelve("Vice", 1);
  const before = await db().order.count();

  await expect(order([mug, vice], { quantity: 2 })).rejects.toThrow(OutOfStockError);

  expect(await db().order.count()).toBe(before);
  expect(await readStock(mug)).toEqual({ onHand: 5, reserved: 0 });
});

test("what is not counted can always be had, and its counters never move", async () => {
  const engraving = await shelve("Engraving", null);

  const placed = await order([engraving], { quantity: 900 });

  expect((await readOrder(placed.orderId)).reservations).toEqual([]);
  expect(await readStock(engraving)).toEqual({ onHand: 0, reserved: 0 });
});

test("an empty, an unknown and no cart are refused with a sentence", async () => {
  const emptied = await fillCart([await shelve("Mug", 1)]);
  await db().cartLine.deleteMany({ where: { cartId: emptied } });

  for (const cartId of [emptied, newId("cart"), undefined])
    await expect(placeOrder({ cartId, input: ada, now: new Date() })).rejects.toThrow(EmptyCartError);
});

test("a product that was taken off sale after it was put into the cart is refused by name", async () => {
  const mug = await shelve("Old mug", 5);
  const cartId = await fillCart([mug]);
  await db().product.updateMany({ where: { title: "Old mug" }, data: { status: "archived" } });

  const placing = placeOrder({ cartId, input: ada, now: new Date() });

  await expect(placing).rejects.toThrow(NotOnSaleError);
  await expect(placing).rejects.toThrow("Old mug is not on sale any more");
});

test("an order whose total no card can pay is refused", async () => {
  const crane = await shelve("Crane", 999, 50_000_000);

  await expect(order([crane], { quantity: 2 })).rejects.toThrow(AmountNotPayableError);

  expect(await readStock(crane)).toEqual({ onHand: 999, reserved: 0 });
});

test("an order too small for a card to pay is refused", async () => {
  const sticker = await shelve("Sticker", 10, 49);
  await db().shippingRate.updateMany({ data: { amount: 0 } });

  const placing = order([sticker]);

  await expect(placing).rejects.toThrow(AmountNotPayableError);
  await db().shippingRate.updateMany({ data: { amount: 490 } });
});

test("an order with more lines than Stripe's page takes is refused before anything is held", async () => {
  const screws = await Promise.all(Array.from({ length: 100 }, (_, size) => shelve(`Screw ${size}`, 5)));
  const cartId = await fillCart(screws.slice(0, 1));
  await db().cartLine.createMany({ data: screws.slice(1).map((variantId) => ({ cartId, variantId, quantity: 1 })) });

  const placing = placeOrder({ cartId, input: ada, now: new Date() });

  await expect(placing).rejects.toThrow(TooManyLinesError);
  await expect(placing).rejects.toThrow("at most 99 different items, and your cart has 100");
});

test("text that no table can hold is made fit, or refused, before it gets there", async () => {
  const form = { email: ada.email, ...ada.shipTo, name: "Ada\u0000\r\nLovelace \ud800", line2: "\u0000" };

  const input = PlaceOrderInput.parse(form);
  const placed = await placeOrder({ cartId: await fillCart([await shelve("Mug", 1)]), input, now: new Date() });

  expect((await readOrder(placed.orderId)).shipTo).toMatchObject({ name: "Ada Lovelace \ufffd" });
  expect(input.shipTo.line2).toBeUndefined();
  expect(OrderAccessInput.safeParse({ orderId: placed.orderId, token: "a\u0000" }).success).toBe(false);
});

test("a price sent by the client is not part of an order", async () => {
  const form = { email: "Ada@Example.com ", ...ada.shipTo, total: "1", unitPrice: "1", lines: [{ price: 1 }] };

  const input = PlaceOrderInput.parse(form);

  expect(input).toEqual(ada);
});
