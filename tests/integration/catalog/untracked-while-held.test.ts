import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { ProductInput } from "@/lib/catalog/product-input";
import { saveProduct } from "@/lib/catalog/save-product";
import { bulkTransaction } from "@/lib/db/bulk-transaction";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import type { OrderId, VariantId } from "@/lib/ids";
import { releaseReservation } from "@/lib/inventory/release-reservation";
import { sellReserved } from "@/lib/inventory/sell-reserved";
import { expectBalancedBooks } from "@/tests/integration/inventory/balanced-books";
import { order, readStock, shelve } from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterEach(expectBalancedBooks);

afterAll(() => world.close());

/** What an import says of a product that is there. */
async function importStock(variantId: VariantId, stock: { tracked: boolean; onHand: number }): Promise<void> {
  const { product, priceAmount } = await db().variant.findUniqueOrThrow({
    where: { id: variantId },
    include: { product: true },
  });
  const input: ProductInput = {
    handle: product.handle,
    variants: [{ optionValues: [], priceAmount, currency: "EUR", ...stock }],
    images: [],
  };
  await bulkTransaction((tx) => saveProduct(tx, input, { now: new Date() }));
}

/** Five mugs, of which orders hold two and one; then an import says that mugs are not counted any more. */
async function untrackedMugs(): Promise<{ mug: VariantId; two: OrderId; one: OrderId }> {
  const mug = await shelve("Mug", 5);
  const two = (await order([mug], { quantity: 2 })).orderId;
  const one = (await order([mug])).orderId;
  await importStock(mug, { tracked: false, onHand: 0 });
  return { mug, two, one };
}

test("what orders hold of an item that is not counted any more stays on hand until it is sold or given back", async () => {
  const { mug, two, one } = await untrackedMugs();
  expect(await readStock(mug)).toEqual({ onHand: 3, reserved: 3 });

  await transaction((tx) => sellReserved(tx, two));
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 1 });

  await transaction((tx) => releaseReservation(tx, one));
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
});

test("an item that is not counted any more can be ordered beyond its stock, and nothing is held for that", async () => {
  const { mug, one } = await untrackedMugs();

  const { orderId } = await order([mug], { quantity: 99 });

  expect(await db().reservation.count({ where: { orderId } })).toBe(0);
  await transaction((tx) => sellReserved(tx, orderId));
  await transaction((tx) => releaseReservation(tx, one));
  expect(await readStock(mug)).toEqual({ onHand: 3, reserved: 2 });
});

test("an item that is counted again has what its orders hold, and the rest can be bought", async () => {
  const { mug, two, one } = await untrackedMugs();
  const uncounted = (await order([mug], { quantity: 7 })).orderId;

  await importStock(mug, { tracked: true, onHand: 4 });

  await transaction((tx) => sellReserved(tx, uncounted));
  expect(await readStock(mug)).toEqual({ onHand: 4, reserved: 3 });
  await expect(order([mug], { quantity: 2 })).rejects.toMatchObject({ code: "out-of-stock" });
  for (const orderId of [two, one]) await transaction((tx) => sellReserved(tx, orderId));
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
});
