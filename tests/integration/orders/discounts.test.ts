import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { applyDiscount } from "@/lib/cart/apply-discount";
import { getCart } from "@/lib/cart/get-cart";
import { removeDiscount } from "@/lib/cart/remove-discount";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { DiscountRefusedError } from "@/lib/discounts/errors";
import type { CartId } from "@/lib/ids";
import { cancelOrder } from "@/lib/orders/cancel-order";
import { expireHolds } from "@/lib/orders/expire-holds";
import { placeOrder } from "@/lib/orders/place-order";
import { processOrder } from "@/lib/orders/process-order";
import { quoteOrder } from "@/lib/orders/quote-order";
import { startPayment } from "@/lib/orders/start-payment";
import { expectBalancedBooks } from "@/tests/integration/inventory/balanced-books";
import { startWorld, type World } from "@/tests/support/world";
import { addDiscount, usesOf } from "./price-list";
import {
  ada,
  atStripe,
  fillCart,
  hearFromStripe,
  inMinutes,
  pay,
  readOrder,
  shelve,
  stripeDashboard,
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

const staff = { kind: "staff", userId: "user_1", role: "owner", email: "grace@example.com" } as const;

const place = (cartId: CartId, discountCode?: string, { email = ada.email, now = new Date() } = {}) =>
  placeOrder({ cartId, input: { ...ada, email, discountCode }, now });

/** A cart of one mug at 19.99, ordered with this code. */
async function orderWith(discountCode: string, options?: { email?: string; now?: Date }) {
  return place(await fillCart([await shelve("Mug", 5)]), discountCode, options);
}

test("twenty shoppers with the last use of a code: one gets it, nineteen are told so and have no order", async () => {
  await addDiscount({ code: "LAST", kind: "percent", value: 1000, usageMax: 3, usedCount: 2 });
  const carts = [];
  for (let index = 0; index < 20; index++) carts.push(await fillCart([await shelve("Mug", 5)]));
  const before = await db().order.count();

  const results = await Promise.allSettled(carts.map((cartId) => place(cartId, "LAST")));

  const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  expect(refused).toHaveLength(19);
  for (const refusal of refused) expect(refusal).toBeInstanceOf(DiscountRefusedError);
  expect(refused[0]?.publicMessage).toBe("The discount code LAST has been used up.");
  expect(await usesOf("LAST")).toEqual([3, 1]);
  expect(await db().order.count()).toBe(before + 1);
  expect(await db().reservation.count()).toBe(1);
});

test("ten carts of one shopper with a code for one use an address: one gets it; another shopper gets it too", async () => {
  await addDiscount({ code: "WELCOME", kind: "percent", value: 1000, oncePerEmail: true });
  const carts = [];
  for (let index = 0; index < 10; index++) carts.push(await fillCart([await shelve("Mug", 5)]));

  const results = await Promise.allSettled(carts.map((cartId) => place(cartId, "WELCOME")));
  await orderWith("WELCOME", { email: "grace@example.com" });

  const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  expect(refused).toHaveLength(9);
  expect(refused[0]?.publicMessage).toContain("it has been used with this e-mail address before");
  expect(await usesOf("WELCOME")).toEqual([2, 2]);
});

test.each([
  ["an unknown code", "NOSUCH", "There is no discount code NOSUCH.", {}],
  ["one that was switched off", "OFF", "There is no discount code OFF.", { active: false }],
  ["one of the past", "PAST", "The discount code PAST has expired.", { endsAt: new Date() }],
  ["one of the future", "FUTURE", "The discount code FUTURE is not valid yet.", { startsAt: inMinutes(60) }],
  ["one that is used up", "EMPTY", "The discount code EMPTY has been used up.", { usageMax: 1, usedCount: 1 }],
  ["one in another currency", "DOLLARS", "is for orders in USD.", { kind: "fixed_amount", currency: "USD" } as const],
  [
    "one for larger orders",
    "LARGE",
    "is for orders of items for €20.00 or more, and yours are €19.99.",
    { minimumSubtotalAmount: 2000, currency: "EUR" },
  ],
])(
  "%s is refused with a sentence, in the cart and at the checkout, and nothing is ordered",
  async (_, code, sentence, discount) => {
    if (code !== "NOSUCH") await addDiscount({ code, kind: "percent", value: 1000, ...discount });
    const cartId = await fillCart([await shelve("Mug", 5)]);
    const before = [await db().order.count(), await db().reservation.count(), await db().discountUse.count()];

    await expect(applyDiscount({ cartId, code, now: new Date() })).rejects.toThrow(sentence);
    await expect(place(cartId, code)).rejects.toThrow(sentence);

    expect([await db().order.count(), await db().reservation.count(), await db().discountUse.count()]).toEqual(before);
    expect((await quoteOrder(await getCart(cartId), { now: new Date() })).discount).toBeNull();
  },
);

test("a code that is kept with the cart takes off what it can, and says why once it can not", async () => {
  await addDiscount({ code: "FIVE", kind: "fixed_amount", value: 500, currency: "EUR", minimumSubtotalAmount: 3000 });
  const mug = await shelve("Mug", 5);
  const cartId = await fillCart([mug], 2);
  const quote = async () => quoteOrder(await getCart(cartId), { now: new Date() });

  await applyDiscount({ cartId, code: "FIVE", now: new Date() });
  const applied = await quote();
  await db().cartLine.updateMany({ where: { cartId }, data: { quantity: 1 } });
  const tooSmall = await quote();
  await removeDiscount({ cartId });

  expect(applied.discount).toEqual({ code: "FIVE", problem: null });
  expect(applied.totals.total.value).toBe("€34.98");
  expect(tooSmall.discount).toMatchObject({ code: "FIVE", problem: expect.stringContaining("€30.00 or more") });
  expect(tooSmall.totals.total.value).toBe("€19.99");
  expect((await quote()).discount).toBeNull();
});

test("a use is given back when the order runs out of time, once, and can be had again", async () => {
  await addDiscount({ code: "SHORT", kind: "percent", value: 1000, usageMax: 1, oncePerEmail: true });
  await orderWith("SHORT", { now: inMinutes(-41) });
  await expect(orderWith("SHORT")).rejects.toThrow("used up");

  await Promise.all([1, 2, 3].map(() => expireHolds({ now: new Date() })));

  expect(await usesOf("SHORT")).toEqual([0, 0]);
  await orderWith("SHORT");
  expect(await usesOf("SHORT")).toEqual([1, 1]);
});

test("a use is given back when staff cancel the order, unpaid or authorised", async () => {
  await addDiscount({ code: "UNSURE", kind: "percent", value: 1000 });
  const unpaid = await orderWith("UNSURE");
  const authorized = await orderWith("UNSURE");
  await pay(authorized);
  await hearFromStripe(authorized.orderId);

  for (const { orderId } of [unpaid, authorized]) await cancelOrder({ actor: staff, orderId, now: new Date() });

  expect(await usesOf("UNSURE")).toEqual([0, 0]);
});

test("a use is given back when the payment does not come about, and stays when it does", async () => {
  await addDiscount({ code: "MIXED", kind: "percent", value: 1000 });
  const [fails, goes] = [await orderWith("MIXED"), await orderWith("MIXED")];
  for (const placed of [fails, goes]) {
    await pay(placed);
    await hearFromStripe(placed.orderId);
  }
  const { payments } = await readOrder(fails.orderId);
  await stripeDashboard().paymentIntents.cancel(payments[0]?.paymentIntentId ?? "");

  await processOrder({ ...fails, now: new Date() });
  await processOrder({ ...goes, now: new Date() });

  expect(await readOrder(goes.orderId)).toMatchObject({ status: "confirmed", discountAmount: 200 });
  expect(await usesOf("MIXED")).toEqual([1, 1]);
});

/** Ada pays on Stripe's page, and her order runs out of time before anybody hears of it. */
async function paidTooLate(code: string) {
  const placed = await orderWith(code);
  const start = await startPayment({ ...placed, now: new Date() });
  const { payments } = await readOrder(placed.orderId);
  await db().payment.updateMany({ where: { orderId: placed.orderId }, data: { sessionId: null } });
  await expireHolds({ now: inMinutes(41) });
  await db().payment.updateMany({ where: { orderId: placed.orderId }, data: { sessionId: payments[0]?.sessionId } });
  expect(await typeCard(start.kind === "pay" ? start.url : "")).toBe(303);
  return placed;
}

test("a payment that comes after the hold ran out takes its use again and goes through", async () => {
  await addDiscount({ code: "LATE", kind: "percent", value: 1000, usageMax: 1 });
  const placed = await paidTooLate("LATE");
  expect(await usesOf("LATE")).toEqual([0, 0]);

  await hearFromStripe(placed.orderId);
  await processOrder({ ...placed, now: new Date() });

  expect(await readOrder(placed.orderId)).toMatchObject({ status: "confirmed", totalAmount: 2289 });
  expect(await usesOf("LATE")).toEqual([1, 1]);
});

test("a payment that comes after the last use went to somebody else is given back, and the shopper is told", async () => {
  await addDiscount({ code: "LATER", kind: "percent", value: 1000, usageMax: 1 });
  const placed = await paidTooLate("LATER");
  await orderWith("LATER", { email: "grace@example.com" });

  await hearFromStripe(placed.orderId);
  const processed = await processOrder({ ...placed, now: new Date() });

  expect(processed.success).toBe(false);
  expect(await readOrder(placed.orderId)).toMatchObject({
    status: "cancelled",
    paymentStatus: "failed",
    cancelReason: "The discount was used up before your payment arrived. You have not been charged.",
    reservations: [],
  });
  expect(await atStripe(placed.orderId)).toEqual({ statuses: ["canceled"], captures: 0 });
  expect(await usesOf("LATER")).toEqual([1, 1]);
});

test("the database refuses a code in lower case, a second of the same, and more uses than there are", async () => {
  await addDiscount({ code: "STRICT", kind: "percent", value: 1000, usageMax: 1 });
  const change = (data: object) => db().discount.update({ where: { code: "STRICT" }, data });

  await expect(addDiscount({ code: "strict", kind: "percent", value: 1000 })).rejects.toThrow(/discount_code_spelling/);
  await expect(addDiscount({ code: "STRICT", kind: "percent", value: 1000 })).rejects.toThrow(/Unique constraint/);
  await expect(change({ usedCount: 2 })).rejects.toThrow(/discount_used_within_max/);
  await expect(change({ usedCount: -1 })).rejects.toThrow(/discount_used_within_max/);
  await expect(change({ value: 10_001 })).rejects.toThrow(/discount_value_of_kind/);
  await expect(change({ kind: "fixed_amount" })).rejects.toThrow(/discount_value_of_kind/);
  await expect(change({ minimumSubtotalAmount: 1 })).rejects.toThrow(/discount_minimum_has_currency/);
});
