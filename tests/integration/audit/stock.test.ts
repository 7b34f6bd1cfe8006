import { afterAll, beforeAll, expect, test } from "vitest";
import { type HealthyStore, healthyStore } from "./healthy-store";

let store: HealthyStore;

beforeAll(async () => {
  store = await healthyStore();
});

afterAll(() => store.close());

/** Opens a copy of the store in which this was done, and answers what the audit says of its stock. */
async function after(...statements: string[]): Promise<string[] | undefined> {
  const copy = await store.open();
  for (const statement of statements) await copy.sql(statement);
  const { 1: stock, ...others } = await copy.violations();
  expect(others).toEqual({});
  return stock;
}

let movements = 0;

/** A row of the ledger, of the mug. */
function moved(kind: string, quantity: number, orderId?: string): string {
  movements += 1;
  const order = orderId ? `'${orderId}'` : "null";
  return `insert into stock_movement (id, variant_id, kind, quantity, order_id)
    values ('mov_${movements}', '${store.mug}', '${kind}', ${quantity}, ${order})`;
}

const count = (change: string) => `update stock_item set ${change} where variant_id = '${store.mug}'`;
const order = (change: string, id: string) =>
  `update order_line set ${change} where order_id = '${id}' and variant_id = '${store.mug}'`;

test("pieces on hand that no movement explains", async () => {
  expect(await after(count("on_hand = 18"))).toEqual([
    `Variant ${store.mug} has 18 on hand, and its movements add up to 17.`,
  ]);
});

test("a reserved movement that the counter does not know", async () => {
  expect(await after(moved("reserved", 1))).toEqual([
    `Variant ${store.mug} has 1 reserved, and its movements add up to 2 reserved.`,
  ]);
});

test("a reserved piece that no order holds", async () => {
  expect(await after(count("reserved = 2"), moved("reserved", 1))).toEqual([
    `Variant ${store.mug} has 2 reserved, and its live reservations hold 1.`,
  ]);
});

test("more reserved than there is", async () => {
  const found = await after(
    "alter table stock_item drop constraint stock_item_reserved_within_on_hand",
    count("on_hand = 0"),
    moved("adjusted", -17),
  );

  expect(found).toEqual([`Variant ${store.mug} has 1 reserved of 0 on hand.`]);
});

test("a movement that goes down and is no adjustment", async () => {
  const found = await after(moved("received", -3), moved("adjusted", 3));

  expect(found).toEqual([`Movement mov_${movements - 1} says -3 received: only an adjustment may go down.`]);
});

test("an order whose movements hold more than its reservations", async () => {
  const { packed } = store.orders;

  const found = await after(moved("reserved", 1, packed.id), moved("released", 1));

  expect(found).toEqual([`Order ${packed.id} holds 0 of ${store.mug}, and its movements add up to 1 held.`]);
});

test("an order that is over and still holds stock", async () => {
  const { packed } = store.orders;

  const found = await after(
    `insert into reservation (id, order_id, variant_id, quantity) values ('res_left', '${packed.id}', '${store.mug}', 1)`,
    count("reserved = 2"),
    moved("reserved", 1, packed.id),
  );

  expect(found).toEqual([`Order ${packed.id} is fulfilling and still holds 1 of ${store.mug}.`]);
});

/** Lets an order be of more mugs than it was placed and paid with, its items being the only sum of it that follows. */
const orderedMore = (id: string, mugs: number) => [
  "alter table order_line drop constraint order_line_total",
  `alter table "order" drop constraint order_total`,
  `update "order" set subtotal_amount = subtotal_amount + ${mugs} * 1999 where id = '${id}'`,
];

test("an order that waits and holds less than was ordered", async () => {
  const { waiting } = store.orders;

  const found = await after(...orderedMore(waiting.id, 2), order("quantity = 3", waiting.id));

  expect(found).toEqual([`Order ${waiting.id} waits with 3 of ${store.mug}, and holds 1.`]);
});

test("a confirmed order of which less was sold than ordered", async () => {
  const { packed } = store.orders;

  const found = await after(...orderedMore(packed.id, 1), order("quantity = 2", packed.id));

  expect(found).toEqual([`Order ${packed.id} was confirmed with 2 of ${store.mug}, and the ledger has sold it 1.`]);
});

test("a confirmed order for which no stock was ever taken", async () => {
  const { shipped } = store.orders;

  const found = await after(`delete from stock_movement where order_id = '${shipped.id}'`, moved("adjusted", -2));

  expect(found).toEqual([`Order ${shipped.id} was confirmed with 2 of ${store.mug}, and the ledger has sold it 0.`]);
});

test("an order that was never confirmed and was sold something", async () => {
  const { expired } = store.orders;

  const found = await after(moved("reserved", 1, expired.id), moved("sold", 1, expired.id), moved("adjusted", 1));

  expect(found).toEqual([`Order ${expired.id} is expired, and the ledger has sold it 1 of ${store.mug}.`]);
});

test("more returned than was sold", async () => {
  const { packed } = store.orders;

  const found = await after(moved("returned", 2, packed.id), moved("adjusted", -2));

  expect(found).toEqual([`Order ${packed.id} returned 2 of ${store.mug}, and was sold 1.`]);
});

test("a variant that is counted from now on accuses no order of before", async () => {
  expect(await after(`update stock_item set tracked = true where variant_id = '${store.sticker}'`)).toBeUndefined();
});
