import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import type { OrderId, VariantId } from "@/lib/ids";
import { OutOfStockError } from "@/lib/inventory/errors";
import { holdStock } from "@/lib/inventory/hold-stock";
import { releaseReservation } from "@/lib/inventory/release-reservation";
import { retakeStock } from "@/lib/inventory/retake-stock";
import { sellReserved } from "@/lib/inventory/sell-reserved";
import { order, readOrder, readStock, shelve } from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";
import { expectBalancedBooks } from "./balanced-books";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterEach(expectBalancedBooks);

afterAll(() => world.close());

/** An order that holds nothing: of something that nobody counts. */
const emptyHanded = async (): Promise<OrderId> => (await order([await shelve("Engraving", null)])).orderId;

const ledger = async (variantId: VariantId) => {
  const movements = await db().stockMovement.findMany({ where: { variantId }, orderBy: { createdAt: "asc" } });
  return movements.map(({ kind, quantity }) => [kind, quantity]);
};

test("lines of the same item are summed before they are held: two of three and two of three are too many", async () => {
  const orderId = await emptyHanded();
  const mug = await shelve("Mug", 3);
  const lines = [
    { variantId: mug, quantity: 2 },
    { variantId: mug, quantity: 2 },
  ];

  const holding = transaction((tx) => holdStock(tx, { orderId, lines, expiresAt: null }));

  await expect(holding).rejects.toThrow(OutOfStockError);
  await expect(holding).rejects.toMatchObject({
    publicMessage: "Only 3 of Mug are left, and you asked for 4. Lower the quantity in your cart.",
  });
  expect(await readStock(mug)).toEqual({ onHand: 3, reserved: 0 });
});

test("an order that holds stock cannot be deleted, which would leave its stock reserved for nobody", async () => {
  const mug = await shelve("Mug", 3);
  const { orderId } = await order([mug]);

  await expect(db().order.delete({ where: { id: orderId } })).rejects.toThrow(/foreign key/i);

  expect(await readStock(mug)).toEqual({ onHand: 3, reserved: 1 });
});

test("selling and releasing at once and again moves the stock once", async () => {
  const mug = await shelve("Mug", 3);
  const { orderId } = await order([mug], { quantity: 2 });

  await Promise.all(
    [sellReserved, releaseReservation, sellReserved, releaseReservation].map((end) =>
      transaction((tx) => end(tx, orderId)),
    ),
  );

  const moves = await ledger(mug);
  expect(moves.slice(0, 2)).toEqual([
    ["received", 3],
    ["reserved", 2],
  ]);
  expect([[["sold", 2]], [["released", 2]]]).toContainEqual(moves.slice(2));
  expect(await readStock(mug)).toEqual({ onHand: moves[2]?.[0] === "sold" ? 1 : 3, reserved: 0 });
});

test("retaking keeps what is still held, takes what was lost, and ends the expiry of both", async () => {
  const [mug, vice] = [await shelve("Mug", 1), await shelve("Vice", 1)];
  const { orderId } = await order([mug]);
  const lines = [mug, vice].map((variantId) => ({ variantId, quantity: 1 }));

  for (let times = 0; times < 2; times++) await transaction((tx) => retakeStock(tx, { orderId, lines }));

  const { reservations } = await readOrder(orderId);
  expect(reservations.map(({ quantity, expiresAt }) => [quantity, expiresAt])).toEqual([
    [1, null],
    [1, null],
  ]);
  expect(await ledger(vice)).toEqual([
    ["received", 1],
    ["reserved", 1],
  ]);
});
