import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import type { CartId, ShippingRateId } from "@/lib/ids";
import { PaymentUnavailableError, ShippingNotOfferedError, TotalChangedError } from "@/lib/orders/errors";
import { placeOrder } from "@/lib/orders/place-order";
import type { PlaceOrderInput } from "@/lib/orders/schema";
import { startPayment } from "@/lib/orders/start-payment";
import { expectBalancedBooks } from "@/tests/integration/inventory/balanced-books";
import { startWorld, type World } from "@/tests/support/world";
import { addDiscount, addTax, addZone, sentTo, usesOf } from "./price-list";
import {
  fillCart,
  hearFromStripe,
  inMinutes,
  minutes,
  readOrder,
  shelve,
  stripeDashboard,
  stripeFault,
  typeCard,
} from "./shop";

let world: World<"stripe">;
let standard: ShippingRateId;
let express: ShippingRateId;

beforeAll(async () => {
  world = await startWorld({ stripe: true });
  [standard, express] = (await addZone(
    ["DE"],
    [
      { name: "Standard", amount: 990 },
      { name: "Express", amount: 2490 },
    ],
  )) as [ShippingRateId, ShippingRateId];
  await addTax("DE", 1900);
  await addDiscount({ code: "TEN", kind: "percent", value: 1000, usageMax: 1 });
  await addDiscount({ code: "FIVE", kind: "fixed_amount", value: 500, currency: "EUR", oncePerEmail: true });
});

afterEach(async () => {
  setCrashTrap(undefined);
  await expectBalancedBooks();
});

afterAll(() => world.close());

const place = (cartId: CartId, input: PlaceOrderInput, now = new Date()) => placeOrder({ cartId, input, now });
const mugCart = async () => fillCart([await shelve("Mug", 5)]);
const urlOf = async (placed: Awaited<ReturnType<typeof place>>) => {
  const start = await startPayment({ ...placed, now: new Date() });
  return start.kind === "pay" ? start.url : "";
};

const toBritain = sentTo("GB");

async function sessionOf(orderId: string) {
  const payment = await db().payment.findFirstOrThrow({ where: { orderId, state: "created" } });
  return stripeDashboard().checkout.sessions.retrieve(payment.sessionId ?? "");
}

test("another country before the payment page is another price, with that country's shipping and tax", async () => {
  const mug = await shelve("Mug", 5);
  const cartId = await fillCart([mug]);
  const { orderId } = await place(cartId, toBritain, inMinutes(-10));
  await db().variant.update({ where: { id: mug }, data: { priceAmount: 9999 } });

  await place(cartId, sentTo("DE", { rateId: express, total: 4489 }));

  const stored = await readOrder(orderId);
  expect(stored).toMatchObject({
    shipTo: { country: "DE" },
    subtotalAmount: 1999,
    shippingRateName: "Express",
    shippingAmount: 2490,
    taxAmount: 319 + 398,
    totalAmount: 4489,
    lines: [{ unitPriceAmount: 1999, taxRateBasisPoints: 1900, taxAmount: 319 }],
  });
  expect(stored.payments.map(({ state, amount }) => [state, amount])).toEqual([
    ["failed", 2489],
    ["created", 4489],
  ]);
  const live = stored.payments[1]?.createdAt.getTime() ?? 0;
  expect(stored.reservations.map(({ expiresAt }) => expiresAt?.getTime())).toEqual([live + minutes(40)]);
  expect(stored.events.map(({ kind, message }) => [kind, message]).at(-1)).toEqual([
    "correct",
    "The order was changed before it was paid.",
  ]);
});

test("another country with the old country's way of shipping is refused, and the order stays as it was", async () => {
  const cartId = await mugCart();
  const { orderId } = await place(cartId, sentTo("DE", { rateId: standard, total: 2989 }));
  const before = await readOrder(orderId);

  const placing = place(cartId, sentTo("GB", { rateId: standard, total: 2989 }));

  await expect(placing).rejects.toThrow(ShippingNotOfferedError);
  expect(await readOrder(orderId)).toEqual(before);
});

test("a price that changes while Stripe's page is open closes that page: nobody can pay the old one", async () => {
  const cartId = await mugCart();
  const placed = await place(cartId, toBritain);
  const old = await urlOf(placed);

  const again = await place(cartId, sentTo("DE", { rateId: standard, total: 2989 }));
  const fresh = await urlOf(again);

  expect(again).toEqual(placed);
  expect(await typeCard(old)).toBe(410);
  expect((await sessionOf(placed.orderId)).amount_total).toBe(2989);
  expect(await typeCard(fresh)).toBe(303);
});

test("a change that is refused leaves the open page as it was: it can still be paid", async () => {
  await addDiscount({ code: "FIRST", kind: "percent", value: 1000, oncePerEmail: true });
  await place(await mugCart(), { ...toBritain, email: "once@example.com", discountCode: "FIRST" });
  const cartId = await mugCart();
  const placed = await place(cartId, { ...toBritain, email: "once@example.com" });
  const url = await urlOf(placed);
  const before = await readOrder(placed.orderId);

  const withCode = place(cartId, { ...toBritain, email: "once@example.com", discountCode: "FIRST" });
  await expect(withCode).rejects.toThrow("has been used with this e-mail address before");
  await expect(place(cartId, sentTo("DE", { rateId: standard, total: 1 }))).rejects.toThrow(TotalChangedError);

  expect(await readOrder(placed.orderId)).toEqual(before);
  expect(await typeCard(url)).toBe(303);
});

test("Stripe's message about the closed page does not end the order that has a new one", async () => {
  const cartId = await mugCart();
  const placed = await place(cartId, toBritain);
  await urlOf(placed);
  await place(cartId, sentTo("DE", { rateId: standard, total: 2989 }));

  await hearFromStripe(placed.orderId, "checkout.session.expired");

  expect(await readOrder(placed.orderId)).toMatchObject({ status: "pending", reservations: [{ quantity: 1 }] });
});

test("who has paid on the old page has the order that was paid, whatever the form says afterwards", async () => {
  const cartId = await mugCart();
  const placed = await place(cartId, toBritain);
  expect(await typeCard(await urlOf(placed))).toBe(303);

  await place(cartId, { ...sentTo("DE", { rateId: express, total: 4289 }), discountCode: "TEN" });

  expect(await readOrder(placed.orderId)).toMatchObject({
    paymentStatus: "authorized",
    shipTo: { country: "GB" },
    totalAmount: 2489,
    discountCode: null,
  });
  expect((await usesOf("TEN"))[0]).toBe(0);
});

test("while Stripe cannot be asked to close the page the order stays as it was", async () => {
  const cartId = await mugCart();
  const placed = await place(cartId, toBritain);
  await urlOf(placed);
  const before = await readOrder(placed.orderId);
  await stripeFault({ method: "POST", path: "/v1/checkout/sessions/*/expire", kind: "error_before", times: 3 });

  const placing = place(cartId, sentTo("DE", { rateId: standard, total: 2989 }));

  await expect(placing).rejects.toThrow(PaymentUnavailableError);
  expect(await readOrder(placed.orderId)).toEqual(before);
});

test("a page that is being made while the price changes is closed by who made it", async () => {
  const cartId = await mugCart();
  const placed = await place(cartId, toBritain);
  setCrashTrap(async () => {
    setCrashTrap(undefined);
    await place(cartId, sentTo("DE", { rateId: standard, total: 2989 }));
  });

  expect(await startPayment({ ...placed, now: new Date() })).toEqual({ kind: "closed" });

  const { data } = await stripeDashboard().checkout.sessions.list({ limit: 100 });
  const mine = data.filter(({ client_reference_id }) => client_reference_id === placed.orderId);
  expect(mine.map(({ status }) => status)).toEqual(["expired"]);
  await urlOf(placed);
  expect((await sessionOf(placed.orderId)).amount_total).toBe(2989);
});

test("a page that is opened beside a change of the price never asks for the price of before", async () => {
  for (let round = 0; round < 8; round++) {
    const cartId = await mugCart();
    const placed = await place(cartId, toBritain);

    await Promise.all([
      startPayment({ ...placed, now: new Date() }),
      place(cartId, sentTo("DE", { rateId: standard, total: 2989 })),
      startPayment({ ...placed, now: new Date() }),
    ]);
    await urlOf(placed);

    expect((await sessionOf(placed.orderId)).amount_total).toBe(2989);
    const { data } = await stripeDashboard().checkout.sessions.list({ limit: 100 });
    const open = data.filter((one) => one.client_reference_id === placed.orderId && one.status === "open");
    expect(open.map(({ amount_total }) => amount_total)).toEqual([2989]);
  }
}, 60_000);

test("a code that is added, changed and taken off while unpaid moves its use along", async () => {
  const cartId = await mugCart();
  const { orderId } = await place(cartId, toBritain);
  const totals: number[] = [];
  for (const discountCode of ["TEN", "FIVE", undefined, "FIVE"]) {
    await place(cartId, { ...toBritain, discountCode });
    totals.push((await readOrder(orderId)).totalAmount, (await usesOf("TEN"))[0], (await usesOf("FIVE"))[0]);
  }

  expect(totals).toEqual([2289, 1, 0, 1989, 0, 1, 2489, 0, 0, 1989, 0, 1]);
});

test("a code for one use an address follows the address, and cannot be had twice by changing it", async () => {
  const placed = await place(await mugCart(), { ...toBritain, email: "grace@example.com", discountCode: "FIVE" });
  const cartId = await mugCart();
  const second = await place(cartId, { ...toBritain, email: "joan@example.com", discountCode: "FIVE" });

  const placing = place(cartId, { ...toBritain, email: "grace@example.com", discountCode: "FIVE" });
  await expect(placing).rejects.toThrow("has been used with this e-mail address before");
  await place(cartId, { ...toBritain, email: "jean@example.com", discountCode: "FIVE" });

  const uses = await db().discountUse.findMany({ where: { orderId: { in: [placed.orderId, second.orderId] } } });
  expect(uses.map(({ email }) => email).sort()).toEqual(["grace@example.com", "jean@example.com"]);
});

test("another address at the same price keeps the page that is open, and makes a new payment where none was", async () => {
  const [open, unopened] = [await mugCart(), await mugCart()];
  const [first, second] = [await place(open, toBritain), await place(unopened, toBritain)];
  const url = await urlOf(first);

  for (const cartId of [open, unopened]) await place(cartId, { ...toBritain, email: "ada@new.example" });

  expect(await urlOf(first)).toBe(url);
  expect((await readOrder(second.orderId)).payments.map(({ state }) => state)).toEqual(["failed", "created"]);
  await urlOf(second);
  expect((await sessionOf(second.orderId)).customer_email).toBe("ada@new.example");
});

test("ten shoppers' tabs that change the same order at once leave one order with one price and one live payment", async () => {
  const cartId = await mugCart();
  const { orderId } = await place(cartId, toBritain);
  const inputs = Array.from({ length: 10 }, (_, index) =>
    index % 2 ? toBritain : sentTo("DE", { rateId: standard, total: 2989 }),
  );

  await Promise.all(inputs.map((input) => place(cartId, input)));

  const stored = await readOrder(orderId);
  const live = stored.payments.filter(({ state }) => state === "created");
  expect(live.map(({ amount }) => amount)).toEqual([stored.totalAmount]);
  expect([2489, 2989]).toContain(stored.totalAmount);
});
