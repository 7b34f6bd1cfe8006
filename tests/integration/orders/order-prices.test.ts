import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { getCart } from "@/lib/cart/get-cart";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { newId, type OrderId, type ShippingRateId } from "@/lib/ids";
import { money } from "@/lib/money/money";
import {
  AmountNotPayableError,
  CountryNotServedError,
  PaymentMismatchError,
  ShippingNotChosenError,
  ShippingNotOfferedError,
  TotalChangedError,
} from "@/lib/orders/errors";
import { type PlacedOrder, placeOrder } from "@/lib/orders/place-order";
import { quoteOrder } from "@/lib/orders/quote-order";
import { PlaceOrderInput, writeShippingChoice } from "@/lib/orders/schema";
import { startPayment } from "@/lib/orders/start-payment";
import { expectBalancedBooks } from "@/tests/integration/inventory/balanced-books";
import { seeded } from "@/tests/integration/reports/trade";
import { startWorld, type World } from "@/tests/support/world";
import { addDiscount, addTax, addZone, sentTo } from "./price-list";
import { ada, crashOnceAt, fillCart, order, readOrder, readStock, shelve, stripeDashboard } from "./shop";

let world: World<"stripe">;
let standard: ShippingRateId;
let express: ShippingRateId;
let swiss: ShippingRateId;

beforeAll(async () => {
  world = await startWorld({ stripe: true });
  [standard, express] = (await addZone(
    ["DE", "AT"],
    [
      { name: "Standard", amount: 990, freeFromAmount: 15_000 },
      { name: "Express", amount: 2490 },
      { name: "Pigeon", amount: 1, active: false },
    ],
  )) as [ShippingRateId, ShippingRateId];
  [swiss] = (await addZone(["CH"], [{ name: "Over the Alps", amount: 3000 }])) as [ShippingRateId];
  await addTax("DE", 1900);
  await addTax("DE", 700, "Coffee");
  await addDiscount({ code: "TEN", kind: "percent", value: 1000 });
});

afterEach(async () => {
  setCrashTrap(undefined);
  await expectBalancedBooks();
});

afterAll(() => world.close());

const place = (cartId: Awaited<ReturnType<typeof fillCart>>, input: PlaceOrderInput) =>
  placeOrder({ cartId, input, now: new Date() });

/** What Stripe's page asks for: its lines and its sum. */
async function pageOf(placed: PlacedOrder) {
  await startPayment({ ...placed, now: new Date() });
  const { payments } = await readOrder(placed.orderId);
  const sessionId = payments.find(({ state }) => state === "created")?.sessionId ?? "";
  const session = await stripeDashboard().checkout.sessions.retrieve(sessionId);
  const lines = await stripeDashboard().checkout.sessions.listLineItems(sessionId, { limit: 100 });
  return {
    total: session.amount_total,
    lines: lines.data.map(({ description, quantity, amount_total }) => [description, quantity, amount_total]),
  };
}

/** Everything that a refused order must leave as it was. */
async function traces() {
  const [orders, reservations, payments, uses, carts] = await Promise.all([
    db().order.count(),
    db().reservation.count(),
    db().payment.count(),
    db().discountUse.count(),
    db().cart.count({ where: { orderId: { not: null } } }),
  ]);
  const { _sum } = await db().discount.aggregate({ _sum: { usedCount: true } });
  return { orders, reservations, payments, uses, carts, used: _sum.usedCount };
}

test("an order keeps what was taken off each line, its tax and its way of shipping, and Stripe charges exactly that", async () => {
  const hammer = await shelve("Claw hammer", 5, 1190);
  const coffee = await shelve("Coffee", 5, 1070);
  await db().product.updateMany({ where: { title: "Coffee" }, data: { productType: "Coffee" } });
  const cartId = await fillCart([hammer, coffee], 3);

  const placed = await place(cartId, { ...sentTo("DE", { rateId: express, total: 8592 }), discountCode: "TEN" });

  const stored = await readOrder(placed.orderId);
  expect(stored).toMatchObject({
    subtotalAmount: 6780,
    discountCode: "TEN",
    discountAmount: 678,
    shippingRateId: express,
    shippingRateName: "Express",
    shippingAmount: 2490,
    shippingTaxAmount: 398,
    shippingTaxBasisPoints: 1900,
    taxName: "VAT",
    taxIncluded: true,
    taxAmount: 513 + 189 + 398,
    totalAmount: 8592,
    payments: [{ amount: 8592, state: "created" }],
  });
  expect(stored.lines.sort((a, b) => a.position - b.position)).toMatchObject([
    { discountAmount: 357, taxRateBasisPoints: 1900, taxAmount: 513, totalAmount: 3213 },
    { discountAmount: 321, taxRateBasisPoints: 700, taxAmount: 189, totalAmount: 2889 },
  ]);
  expect(await pageOf(placed)).toEqual({
    total: 8592,
    lines: [
      ["Claw hammer × 3", 1, 3213],
      ["Coffee × 3", 1, 2889],
      ["Shipping", 1, 2490],
    ],
  });
});

test("where prices are before tax, the tax is added to lines and shipping, and Stripe charges it", async () => {
  await db().storeSettings.updateMany({ data: { pricesIncludeTax: false } });
  try {
    const cartId = await fillCart([await shelve("Claw hammer", 5, 999)], 3);

    const placed = await place(cartId, sentTo("DE", { rateId: standard, total: 4744 }));

    expect(await readOrder(placed.orderId)).toMatchObject({
      subtotalAmount: 2997,
      shippingAmount: 1178,
      shippingTaxAmount: 188,
      taxIncluded: false,
      taxAmount: 569 + 188,
      totalAmount: 4744,
      lines: [{ taxAmount: 569, totalAmount: 3566 }],
    });
    expect(await pageOf(placed)).toMatchObject({ total: 4744 });
  } finally {
    await db().storeSettings.updateMany({ data: { pricesIncludeTax: true } });
  }
});

test("whatever is in the cart: lines and shipping are the total, the total is what the page showed and what Stripe charges", async () => {
  const random = seeded(20_261_125);
  await addDiscount({ code: "FIXED", kind: "fixed_amount", value: 1234, currency: "EUR" });
  await addDiscount({ code: "ODD", kind: "percent", value: 3333 });
  for (const discountCode of [undefined, "FIXED", "ODD", "FIXED", "ODD"]) {
    const variants = [];
    for (let index = 0; index <= random(4); index++)
      variants.push(await shelve(`Thing ${index}`, 20, 300 + random(5000)));
    const cartId = await fillCart(variants, 1 + random(7));
    if (discountCode) await db().cart.update({ where: { id: cartId }, data: { discountCode } });
    const { destinations } = await quoteOrder(await getCart(cartId), { now: new Date() });
    const shipping = destinations.find(({ countries }) => countries.includes("DE"))?.ways[random(2)]?.choice;
    const input = PlaceOrderInput.parse({ email: ada.email, ...ada.shipTo, country: "DE", shipping, discountCode });

    const placed = await place(cartId, input);

    const stored = await readOrder(placed.orderId);
    const ofLines = (part: "totalAmount" | "discountAmount" | "taxAmount") =>
      stored.lines.reduce((sum, one) => sum + one[part], 0);
    expect(ofLines("totalAmount") + stored.shippingAmount).toBe(stored.totalAmount);
    expect(ofLines("discountAmount")).toBe(stored.discountAmount);
    expect(ofLines("taxAmount") + stored.shippingTaxAmount).toBe(stored.taxAmount);
    expect(input.shipping?.total.amount).toBe(stored.totalAmount);
    expect((await pageOf(placed)).total).toBe(stored.totalAmount);
  }
});

test("a way of shipping of another zone, one that was given up and an unknown one are refused, and nothing is ordered", async () => {
  const mug = await shelve("Mug", 5);
  const cartId = await fillCart([mug]);
  const pigeon = (await db().shippingRate.findFirstOrThrow({ where: { name: "Pigeon" } })).id as ShippingRateId;
  const before = await traces();

  for (const rateId of [swiss, pigeon, newId("shippingRate")]) {
    const placing = place(cartId, sentTo("DE", { rateId, total: 2989 }));
    await expect(placing).rejects.toThrow(ShippingNotOfferedError);
    await expect(placing).rejects.toThrow("This way of shipping is not offered to Germany.");
  }

  expect(await traces()).toEqual(before);
  expect(await readStock(mug)).toEqual({ onHand: 5, reserved: 0 });
});

test("a country in no zone, and one whose zone has no way of shipping, is refused by name", async () => {
  const cartId = await fillCart([await shelve("Mug", 5)]);
  await addZone(["NO"], [{ name: "Given up", amount: 1, active: false }]);
  const before = await traces();

  await expect(place(cartId, sentTo("JP"))).rejects.toThrow("We do not ship to Japan. Choose another country.");
  await expect(place(cartId, sentTo("NO", { rateId: standard, total: 2989 }))).rejects.toThrow(CountryNotServedError);

  expect(await traces()).toEqual(before);
});

test("where there is a choice it has to be made; where there is none it needs not", async () => {
  const cartId = await fillCart([await shelve("Mug", 5)]);

  const placing = place(cartId, sentTo("DE"));
  await expect(placing).rejects.toThrow(ShippingNotChosenError);
  await expect(placing).rejects.toThrow("Choose how we ship your order to Germany.");
  const placed = await place(cartId, sentTo("CH"));

  expect(await readOrder(placed.orderId)).toMatchObject({ shippingRateName: "Over the Alps", totalAmount: 4999 });
});

test("a total that is not what the order costs is refused with both amounts: tampered with, in another currency, or old", async () => {
  const mug = await shelve("Mug", 5);
  const cartId = await fillCart([mug]);
  const before = await traces();

  const cheap = place(cartId, sentTo("DE", { rateId: standard, total: 1 }));
  await expect(cheap).rejects.toThrow(TotalChangedError);
  await expect(cheap).rejects.toThrow("Your order costs €29.89 now, and not €0.01.");
  const dollars = { rateId: standard, total: money(2989, "USD") };
  await expect(place(cartId, { ...sentTo("DE"), shipping: dollars })).rejects.toThrow(TotalChangedError);
  await db().variant.update({ where: { id: mug }, data: { priceAmount: 2099 } });
  const old = place(cartId, sentTo("DE", { rateId: standard, total: 2989 }));
  await expect(old).rejects.toThrow("Your order costs €30.89 now, and not €29.89.");

  expect(await traces()).toEqual(before);
});

test("what no column holds is refused, also where a discount makes it payable", async () => {
  await addDiscount({ code: "NEARLYALL", kind: "percent", value: 9999 });
  const cartId = await fillCart([await shelve("Crane", 999, 2_000_000_000)], 2);
  const before = await traces();

  const placing = place(cartId, { ...sentTo("CH"), discountCode: "NEARLYALL" });

  await expect(placing).rejects.toThrow(AmountNotPayableError);
  await expect(placing).rejects.toThrow("€40,000,000.00 cannot be paid by card");
  expect(await traces()).toEqual(before);
});

test("an order that a discount makes free is refused with a sentence, since no card can pay nothing", async () => {
  await addDiscount({ code: "ALL", kind: "percent", value: 10_000 });
  await addZone(["FR"], [{ name: "Free", amount: 0 }]);
  const cartId = await fillCart([await shelve("Mug", 5)]);

  await expect(place(cartId, { ...sentTo("FR"), discountCode: "ALL" })).rejects.toThrow(
    "An order of €0.00 cannot be paid",
  );
});

test("a hundred identical forms at once are one order, one payment and one use of the code", async () => {
  const mug = await shelve("Mug", 5);
  await addDiscount({ code: "ONCE", kind: "percent", value: 1000, usageMax: 1 });
  const cartId = await fillCart([mug]);
  const input = { ...sentTo("DE", { rateId: standard, total: 2789 }), discountCode: "ONCE" };

  const placed = await Promise.all(Array.from({ length: 100 }, () => place(cartId, input)));

  const ids = new Set(placed.map(({ orderId }) => orderId));
  expect(ids.size).toBe(1);
  const stored = await readOrder(placed[0]?.orderId as OrderId);
  expect(stored).toMatchObject({ totalAmount: 2789, payments: [{ amount: 2789 }] });
  expect(stored.payments).toHaveLength(1);
  expect(stored.events.map(({ kind }) => kind)).toEqual(["place"]);
  expect(await db().discountUse.count({ where: { orderId: stored.id } })).toBe(1);
  expect(await readStock(mug)).toEqual({ onHand: 5, reserved: 1 });
}, 60_000);

test("a page on which Stripe would charge something else than the order costs is closed, and nobody gets its address", async () => {
  const placed = await order([await shelve("Mug", 5)]);
  await db().payment.updateMany({ where: { orderId: placed.orderId }, data: { amount: 1 } });

  await expect(startPayment({ ...placed, now: new Date() })).rejects.toThrow(PaymentMismatchError);

  const { data } = await stripeDashboard().checkout.sessions.list({ limit: 100 });
  const mine = data.filter(({ client_reference_id }) => client_reference_id === placed.orderId);
  expect(mine.map(({ status }) => status)).toEqual(["expired"]);
  expect(await readOrder(placed.orderId)).toMatchObject({ payments: [{ state: "created", sessionUrl: null }] });
});

test("a page of discounted lines that was made and not written down is found again by the same request", async () => {
  const cartId = await fillCart([await shelve("Mug", 9, 333)], 7);
  const placed = await place(cartId, { ...sentTo("DE", { rateId: standard, total: 3088 }), discountCode: "TEN" });
  crashOnceAt("start-payment.page-made");

  await expect(startPayment({ ...placed, now: new Date() })).rejects.toThrow("crashed");
  expect(await pageOf(placed)).toMatchObject({ total: 3088 });

  const { data } = await stripeDashboard().checkout.sessions.list({ limit: 100 });
  expect(data.filter(({ client_reference_id }) => client_reference_id === placed.orderId)).toHaveLength(1);
});

test("a form's choice is read back as it was written, and nothing else passes for one", () => {
  const form = { email: ada.email, ...ada.shipTo };
  const choice = { rateId: standard, total: money(2989, "EUR") };

  expect(PlaceOrderInput.parse({ ...form, shipping: writeShippingChoice(choice) }).shipping).toEqual(choice);
  expect(PlaceOrderInput.parse({ ...form, shipping: "", discountCode: "" })).toMatchObject({
    shipping: undefined,
    discountCode: undefined,
  });
  expect(PlaceOrderInput.parse({ ...form, discountCode: " ten " }).discountCode).toBe("TEN");
  for (const shipping of [
    `${standard}.-1.EUR`,
    `${standard}.1.XXX`,
    `${standard}.1`,
    "rate_1.1.EUR",
    `${cartLike}.1.EUR`,
  ])
    expect(PlaceOrderInput.safeParse({ ...form, shipping }).success, shipping).toBe(false);
  for (const discountCode of ["TEN OFF", "\u0000", "x".repeat(41), "'; --"])
    expect(PlaceOrderInput.safeParse({ ...form, discountCode }).success, discountCode).toBe(false);
});

const cartLike = newId("cart");

test("the database refuses an order whose amounts do not belong together", async () => {
  const { orderId } = await order([await shelve("Mug", 5)]);
  const [line] = (await readOrder(orderId)).lines;
  const ofOrder = (data: object) => db().order.update({ where: { id: orderId }, data });
  const ofLine = (data: object) => db().orderLine.update({ where: { id: line?.id ?? "" }, data });

  await expect(ofOrder({ totalAmount: { increment: 1 } })).rejects.toThrow(/order_total/);
  await expect(ofOrder({ discountAmount: 1, totalAmount: { decrement: 1 } })).rejects.toThrow(/order_total/);
  await expect(ofOrder({ taxAmount: 1_000_000 })).rejects.toThrow(/order_total/);
  await expect(ofOrder({ taxIncluded: false, taxAmount: 1 })).rejects.toThrow(/order_total/);
  await expect(ofLine({ totalAmount: { decrement: 1 } })).rejects.toThrow(/order_line_total/);
  await expect(ofLine({ discountAmount: 2000, totalAmount: -1 })).rejects.toThrow(/order_line_total/);
  await expect(ofLine({ taxAmount: 1 })).rejects.toThrow(/order_line_total/);
});
