import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { retryRefused } from "@/lib/imports/retry-refused";
import { startWorld, type World } from "@/tests/support/world";
import { emptyCatalogue, imported, run, staff, uploaded } from "./import-text";

let world: World<"s3">;
beforeAll(async () => {
  world = await startWorld({ s3: true });
});
afterAll(() => world.close());

const type = "inventory";
const products = [
  "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Tracker,Variant Inventory Qty",
  "mug,Mug,Size,S,MUG-S,1.00,shopify,5",
  "mug,,,L,MUG-L,1.00,shopify,7",
  "cup,Cup,Size,S,TWIN,1.00,shopify,1",
  "bowl,Bowl,Size,S,TWIN,1.00,shopify,1",
  "file,File,Size,S,FILE,1.00,,1",
  "",
].join("\n");

beforeEach(async () => {
  await emptyCatalogue();
  await imported(products);
});

/** On hand by SKU, and what the ledger adds up to. */
async function stock() {
  const variants = await db().variant.findMany({ include: { stock: true, movements: true }, orderBy: { sku: "asc" } });
  return Object.fromEntries(
    variants.map(({ sku, stock: item, movements }) => [
      sku,
      [item?.onHand, movements.reduce((sum, { quantity }) => sum + quantity, 0)],
    ]),
  );
}

const note = (rowNumber: number, field: string | null, reason: string, severity = "refused") => ({
  ...{ rowNumber, severity, field, reason },
});

test("stock is set by SKU, through the ledger, and nothing else is changed", async () => {
  const { result, notes, importId } = await imported("SKU,On hand\nMUG-S,50\nMUG-L,7\n", { type });

  expect(result).toMatchObject({ created: 0, updated: 1, unchanged: 1, refused: 0, total: 2 });
  expect(notes).toEqual([]);
  expect(await stock()).toMatchObject({ "MUG-S": [50, 50], "MUG-L": [7, 7] });
  expect(await db().stockMovement.findMany({ where: { importId } })).toMatchObject([
    { kind: "adjusted", quantity: 45 },
  ]);

  const again = await imported("SKU,On hand\nMUG-S,50\nMUG-L,7\n", { type });
  expect(again.result).toMatchObject({ updated: 0, unchanged: 2 });
  expect(await db().stockMovement.count({ where: { importId: again.importId } })).toBe(0);
});

test("what no SKU, or no single one, answers to is refused alone, and stock below nothing is nothing", async () => {
  const rows = [
    "NONE,1",
    "TWIN,1",
    "FILE,1",
    "MUG-S,-3",
    ",1",
    "MUG-L,some",
    "MUG-L,1.5",
    "MUG-L,99999999999",
    "MUG-L,8",
  ];

  const { result, notes } = await imported(`SKU,On hand\n${rows.join("\n")}\n`, { type });

  expect(result).toMatchObject({ updated: 2, refused: 7, total: 9 });
  expect(notes).toEqual([
    note(1, null, 'No variant has the SKU "NONE".'),
    note(2, null, '2 variants have the SKU "TWIN", and it cannot be told which one is meant.'),
    note(3, null, 'The stock of "FILE" is not counted: it can always be sold.'),
    note(4, "On hand", "The stock of -3 was taken as 0.", "adjusted"),
    note(5, "SKU", "The SKU is missing."),
    note(6, "On hand", '"some" is no whole number of pieces.'),
    note(7, "On hand", '"1.5" is no whole number of pieces.'),
    note(8, "On hand", '"99999999999" pieces are more than any shelf holds.'),
  ]);
  expect(await stock()).toMatchObject({ "MUG-S": [0, 0], "MUG-L": [8, 8], TWIN: [1, 1], FILE: [1, 1] });
});

test("of one SKU that comes twice the later row counts, and stock never goes below what orders hold", async () => {
  const { id } = await db().variant.findFirstOrThrow({ where: { sku: "MUG-L" } });
  await db().stockItem.update({ where: { variantId: id }, data: { reserved: 4 } });

  const { result, notes } = await imported("SKU,On hand\nMUG-S,9\nMUG-S,3\nMUG-L,2\n", { type });

  expect(result).toMatchObject({ updated: 3, refused: 0 });
  expect(notes).toEqual([note(3, "stock", "Stock was set to 4 instead of 2, because orders hold 4.", "adjusted")]);
  expect(await stock()).toMatchObject({ "MUG-S": [3, 3], "MUG-L": [4, 4] });
});

test("rows of another place than the first row's are refused, also when an import goes on behind it", async () => {
  const importId = await uploaded(
    "SKU,Location,On hand\nMUG-S,Here,9\nMUG-S,There,1\nMUG-L,There,1\nMUG-L,Here,not stocked\n",
    { type },
  );
  const dead = { count: 0 };
  await expect(
    run(importId, {
      chunkRows: 1,
      report: ({ rowsRead }) => {
        if (rowsRead === 1 && dead.count++ === 0) throw new Error("killed");
      },
    }),
  ).rejects.toThrow("killed");

  expect(await run(importId, { runId: "run_2", chunkRows: 1 })).toMatchObject({ updated: 1, refused: 3, total: 4 });
  expect(await stock()).toMatchObject({ "MUG-S": [9, 9], "MUG-L": [7, 7] });

  const retryId = await retryRefused({ actor: staff, importId, now: new Date() });
  expect(await run(retryId, { runId: "run_3" })).toMatchObject({ updated: 0, refused: 1, total: 1 });
  expect(await stock()).toMatchObject({ "MUG-S": [9, 9], "MUG-L": [7, 7] });
});

test("a dry run tells what would be set, and sets nothing", async () => {
  const { importId, result } = await imported("SKU,On hand\nMUG-S,50\nMUG-L,7\nNONE,1\n", { type, dryRun: true });

  expect(result).toMatchObject({ updated: 1, unchanged: 1, refused: 1 });
  const { samples } = await db().import.findUniqueOrThrow({ where: { id: importId } });
  expect(samples).toMatchObject([{ rowNumber: 1, handle: "MUG-S", changes: [{ what: "Stock", from: "5", to: "50" }] }]);
  expect(await stock()).toMatchObject({ "MUG-S": [5, 5] });
});
