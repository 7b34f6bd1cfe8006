import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import type { OrderId, VariantId } from "@/lib/ids";
import { OutOfStockError } from "@/lib/inventory/errors";
import { holdStock } from "@/lib/inventory/hold-stock";
import { releaseReservation } from "@/lib/inventory/release-reservation";
import { sellReserved } from "@/lib/inventory/sell-reserved";
import { order, readStock, shelve } from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";
import { expectBalancedBooks } from "./balanced-books";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterEach(expectBalancedBooks);

afterAll(() => world.close());

/** Orders that hold nothing yet. */
async function orders(count: number): Promise<OrderId[]> {
  const engraving = await shelve("Engraving", null);
  const ids: OrderId[] = [];
  for (let n = 0; n < count; n++) ids.push((await order([engraving])).orderId);
  return ids;
}

const deadlocks = async () => {
  const [row] = await db().$queryRaw<{ deadlocks: bigint }[]>`
    select deadlocks from pg_stat_database where datname = current_database()`;
  return Number(row?.deadlocks);
};

/** A fixed sequence, so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

const hold = (orderId: OrderId, lines: { variantId: VariantId; quantity: number }[]) =>
  transaction((tx) => holdStock(tx, { orderId, lines, expiresAt: null })).then(
    () => true,
    (error: unknown) => {
      if (error instanceof OutOfStockError) return false;
      throw error;
    },
  );

test("many buyers of the last pieces, two lines of one item each in any order: exactly the stock is held", async () => {
  const [mug, vice] = [await shelve("Mug", 12), await shelve("Vice", 1_000)];
  const below = random(1);
  const buyers = await orders(30);

  const held = await Promise.all(
    buyers.map((orderId) => {
      const lines = [
        { variantId: mug, quantity: 1 },
        { variantId: vice, quantity: 1 },
        { variantId: mug, quantity: 1 },
      ].sort(() => below(3) - 1);
      return hold(orderId, lines);
    }),
  );

  expect(held.filter(Boolean)).toHaveLength(6);
  expect([await readStock(mug), await readStock(vice)]).toEqual([
    { onHand: 12, reserved: 12 },
    { onHand: 1_000, reserved: 6 },
  ]);
}, 60_000);

test("carts of many items, taken, sold and released at once in any order, never wait in a circle", async () => {
  const variants = await Promise.all(Array.from({ length: 8 }, (_, n) => shelve(`Screw ${n}`, 200)));
  const below = random(2);
  const buyers = await orders(40);
  const before = await deadlocks();

  await Promise.all(
    buyers.map(async (orderId) => {
      const lines = variants
        .filter(() => below(2) === 0)
        .sort(() => below(3) - 1)
        .map((variantId) => ({ variantId, quantity: 1 + below(2) }));
      await hold(orderId, lines);
      const end = below(2) === 0 ? sellReserved : releaseReservation;
      await transaction((tx) => end(tx, orderId));
    }),
  );

  expect((await deadlocks()) - before).toBe(0);
  const stocks = await Promise.all(variants.map(readStock));
  expect(stocks.map(({ reserved }) => reserved)).toEqual(variants.map(() => 0));
}, 60_000);

test("of several lines that can not all be had, none is held", async () => {
  const [mug, vice] = [await shelve("Mug", 5), await shelve("Vice", 1)];
  const [orderId] = (await orders(1)) as [OrderId];

  const isHeld = await hold(orderId, [
    { variantId: mug, quantity: 2 },
    { variantId: vice, quantity: 2 },
  ]);

  expect(isHeld).toBe(false);
  expect([await readStock(mug), await readStock(vice)]).toEqual([
    { onHand: 5, reserved: 0 },
    { onHand: 1, reserved: 0 },
  ]);
});
