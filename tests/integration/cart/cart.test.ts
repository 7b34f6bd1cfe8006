import { afterAll, beforeAll, expect, test } from "vitest";
import { addToCart } from "@/lib/cart/add-to-cart";
import {
  CartLineNotFoundError,
  OtherCurrencyError,
  QuantityOutOfBoundsError,
  VariantNotFoundError,
} from "@/lib/cart/errors";
import { getCart } from "@/lib/cart/get-cart";
import { removeCartLine } from "@/lib/cart/remove-cart-line";
import { setCartLine } from "@/lib/cart/set-cart-line";
import { db } from "@/lib/db/client";
import { type CartId, newId } from "@/lib/ids";
import { placeOrder } from "@/lib/orders/place-order";
import { quoteOrder } from "@/lib/orders/quote-order";
import { ada, fillCart, shelve } from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.close());

const eur = (amount: number) => ({ amount, currency: "EUR" });
const quote = async (cartId: CartId) => quoteOrder(await getCart(cartId), { now: new Date() });

test("a cart shows current prices, what is available and the sum", async () => {
  const mug = await shelve("Mug", 5, 1250);
  const cartId = await fillCart([mug], 2);
  await db().variant.update({ where: { id: mug }, data: { priceAmount: 1300 } });

  const cart = await getCart(cartId);

  expect(cart).toMatchObject({
    itemCount: 2,
    subtotal: eur(2600),
    orderable: true,
    lines: [{ variantId: mug, title: "Mug", variantTitle: "", unitPrice: eur(1300), total: eur(2600), available: 5 }],
  });
});

test("shipping costs what the rate says, and nothing from its amount on; before a country is chosen it is left open", async () => {
  const mug = await shelve("Mug", 50, 2000);

  const small = await quote(await fillCart([mug], 4));
  const large = await quote(await fillCart([mug], 5));

  const totalsToBritain = ({ destinations }: typeof small) => destinations.map(({ ways }) => ways[0]?.totals);
  expect(totalsToBritain(small)).toMatchObject([
    {
      rows: [
        { label: "Items", value: "€80.00" },
        { label: "Shipping, Standard", value: "€4.90" },
      ],
      total: { value: "€84.90" },
    },
  ]);
  expect(totalsToBritain(large)).toMatchObject([
    { rows: [{ value: "€100.00" }, { value: "free" }], total: { value: "€100.00" } },
  ]);
  expect(small.totals.total).toEqual({ label: "Total before shipping", value: "€80.00" });
});

test("adding the same item ten times at once adds up and stays one line", async () => {
  const mug = await shelve("Mug", 50);
  const cartId = await fillCart([mug]);

  await Promise.all(Array.from({ length: 10 }, () => addToCart({ cartId, variantId: mug, quantity: 2 })));

  expect((await getCart(cartId)).lines).toMatchObject([{ quantity: 21 }]);
});

test("more than 999 of one item is refused and the cart stays as it was", async () => {
  const mug = await shelve("Mug", 5000);
  const cartId = await fillCart([mug], 998);

  await expect(addToCart({ cartId, variantId: mug, quantity: 2 })).rejects.toThrow(QuantityOutOfBoundsError);

  expect((await getCart(cartId)).itemCount).toBe(998);
});

test("an unknown item, one off sale and one in another currency are refused by a sentence", async () => {
  const draft = await shelve("Draft", 1);
  await db().product.updateMany({ where: { title: "Draft" }, data: { status: "draft" } });
  const dollars = await shelve("Dollar mug", 1);
  await db().variant.update({ where: { id: dollars }, data: { priceCurrency: "USD" } });

  await expect(addToCart({ variantId: newId("variant"), quantity: 1 })).rejects.toThrow(VariantNotFoundError);
  await expect(addToCart({ variantId: draft, quantity: 1 })).rejects.toThrow(VariantNotFoundError);
  await expect(addToCart({ variantId: dollars, quantity: 1 })).rejects.toThrow(OtherCurrencyError);
});

test("a cart says of each line why it cannot be ordered", async () => {
  const [soldOut, tooFew, gone] = [await shelve("Sold out", 1), await shelve("Too few", 2), await shelve("Gone", 9)];
  const cartId = await fillCart([soldOut, tooFew, gone], 3);
  await db().stockItem.update({ where: { variantId: soldOut }, data: { onHand: 0 } });
  await db().product.updateMany({ where: { title: "Gone" }, data: { status: "archived" } });

  const cart = await getCart(cartId);

  expect(cart.orderable).toBe(false);
  expect(Object.fromEntries(cart.lines.map(({ title, problem }) => [title, problem]))).toEqual({
    "Sold out": "sold-out",
    "Too few": "not-enough",
    Gone: "not-on-sale",
  });
});

test("quantities can be changed and lines taken out; a line that is gone is said so", async () => {
  const mug = await shelve("Mug", 5);
  const cartId = await fillCart([mug]);

  await setCartLine({ cartId, variantId: mug, quantity: 4 });
  expect((await getCart(cartId)).itemCount).toBe(4);
  await removeCartLine({ cartId, variantId: mug });
  await removeCartLine({ cartId, variantId: mug });

  expect(await getCart(cartId)).toMatchObject({ lines: [], orderable: false });
  await expect(setCartLine({ cartId, variantId: mug, quantity: 1 })).rejects.toThrow(CartLineNotFoundError);
});

test("a cart that became an order is closed: adding begins a new one", async () => {
  const mug = await shelve("Mug", 5);
  const cartId = await fillCart([mug]);
  await placeOrder({ cartId, input: ada, now: new Date() });

  const added = await addToCart({ cartId, variantId: mug, quantity: 1 });

  expect(added.cartId).not.toBe(cartId);
  expect((await getCart(cartId)).lines).toEqual([]);
  expect((await getCart(added.cartId)).itemCount).toBe(1);
});
