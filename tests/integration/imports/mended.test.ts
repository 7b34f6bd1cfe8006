import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { digestOfStore, emptyStore } from "@/chaos/imports/content";
import { plainCsvRecord } from "@/lib/csv";
import { db } from "@/lib/db/client";
import type { ImportId } from "@/lib/ids";
import type { ImportType } from "@/lib/imports/import-type";
import { openRefusedCsv } from "@/lib/imports/refused/open-refused-csv";
import { retryRefused } from "@/lib/imports/retry-refused";
import { startWorld, type World } from "@/tests/support/world";
import { imported, notesOf, run, staff } from "./import-text";

let world: World<"s3">;
beforeAll(async () => {
  world = await startWorld({ s3: true });
});
afterAll(() => world.close());
beforeEach(emptyStore);

const lines = (...rows: string[]) => `${rows.join("\n")}\n`;

const products = lines(
  "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Tracker,Variant Inventory Qty",
  "mug,Mug,Size,S,MUG-S,1.00,shopify,5",
  "mug,,,L,MUG-L,1.00,shopify,7",
  "cup,Cup,Size,S,CUP,1.00,shopify,1",
);

type Case = { type: ImportType; bad: string; mend: Record<string, string>; refused: number };

/** Files with rows that are refused, and what in their cells has to become what. */
const cases: Record<string, Case> = {
  products: { type: "products", bad: products.replaceAll("1.00", '"1,00"'), mend: { "1,00": "1.00" }, refused: 3 },
  stock: {
    type: "inventory",
    bad: lines("SKU,Location,On hand", "MUG-S,Here,many", "NONE,Here,3", "CUP,Here,-2", "CUP,Here,1.5"),
    mend: { many: "50", NONE: "MUG-L", "1.5": "9" },
    refused: 3,
  },
  customers: {
    type: "customers",
    bad: lines("Email,Name", "ada at home,=Ada", ",'-Kay", "eve@example.com,Eve", "too,many,cells"),
    mend: { "ada at home": "ada@example.com", "=Ada": "=Ada L" },
    refused: 3,
  },
  orders: {
    type: "orders",
    bad: lines(
      "Order number,Date,SKU,Product,Quantity,Price",
      "1,2010-12-01,CUP,@Cup,2,free",
      "1,2010-12-01,MUG,Mug,-1,2.00",
      "2,2010-12-01,MUG,Mug,1,2.00",
      "3,,MUG,Mug,1,2.00",
      "4,2010-12-01,MUG,Mug,1,0.00",
    ),
    mend: { free: "3.00", "0.00": "4.00" },
    refused: 4,
  },
  "records of a table": {
    type: "records",
    bad: lines("id,what", "1,=One", "?,=Two", ",Three"),
    mend: { "=Two": "=Two" },
    refused: 1,
  },
  "records of JSON": {
    type: "records",
    bad: lines('{"id": 1}', '{"key2": "x", "deep": [null, {"text": "a\\"b"}]}', '{"id": " "}', "[7]"),
    mend: { '"key2"': '"id"', '" "': '"two"' },
    refused: 3,
  },
};

async function downloaded(importId: ImportId): Promise<string[][]> {
  const { stream } = await openRefusedCsv({ actor: staff, importId });
  return parse(await new Response(stream).text(), { bom: true, relax_column_count: true });
}

const mended = (text: string, mend: Case["mend"]) =>
  Object.entries(mend).reduce((cell, [from, to]) => cell.replaceAll(from, to), text);

test.each(Object.entries(cases))(
  "refused rows of %s that are mended and uploaded again make what the file should have said",
  async (_name, { type, bad, mend, refused }) => {
    if (type === "inventory") await imported(products);
    const whole = await imported(mended(bad, mend), { type });
    const wanted = await digestOfStore();
    await emptyStore();
    if (type === "inventory") await imported(products);

    const first = await imported(bad, { type });
    const [header = [], ...rows] = await downloaded(first.importId);
    const cells = rows.map((row) => row.map((cell, index) => (index < 3 ? cell : mended(cell, mend))));
    const again = await imported([header, ...cells].map(plainCsvRecord).join(""), { type });

    expect(first.result.refused).toBe(refused);
    expect(again.result).toMatchObject({ total: refused, refused: whole.result.refused });
    expect(again.notes.map(({ field, reason }) => [field, reason.replace(/\d/g, "")])).toEqual(
      whole.notes
        .filter(({ severity }) => severity === "refused")
        .map(({ field, reason }) => [field, reason.replace(/\d/g, "")]),
    );
    expect(await digestOfStore()).toBe(wanted);
  },
);

test.each(Object.entries(cases))(
  "refused rows of %s that are tried again as they are, are refused as they were",
  async (_name, { type, bad, refused }) => {
    if (type === "inventory") await imported(products);
    const { importId, notes } = await imported(bad, { type });
    const before = await digestOfStore();

    const retryId = await retryRefused({ actor: staff, importId, now: new Date() });
    const result = await run(retryId, { runId: "run_retry" });

    expect(result).toMatchObject({ created: 0, updated: 0, unchanged: 0, refused, total: refused });
    const said = (some: typeof notes) => some.map(({ field, reason }) => [field, reason.replace(/row \d+/i, "")]);
    expect(said(await notesOf(retryId))).toEqual(said(notes.filter(({ severity }) => severity === "refused")));
    expect(await digestOfStore()).toBe(before);
  },
);

test("stock of a SKU that came into the store since goes in when it is tried again", async () => {
  const { importId } = await imported(lines("SKU,On hand", "CUP,3", "MUG-S,4"), { type: "inventory" });
  await imported(products);

  const retryId = await retryRefused({ actor: staff, importId, now: new Date() });

  expect(await run(retryId)).toMatchObject({ updated: 2, refused: 0, total: 2 });
  const stock = await db().stockItem.findMany({ where: { variant: { sku: { in: ["CUP", "MUG-S"] } } } });
  expect(stock.map(({ onHand }) => onHand).sort()).toEqual([3, 4]);
});

test("past orders that stood against others go in when those are undone and they are tried again", async () => {
  const header = "Order number,Date,Product,Quantity,Price";
  await imported(lines(header, "1,2010-12-01,Cup,1,1.00"), { type: "orders" });
  const { importId, result } = await imported(lines(header, "1,2010-12-01,Cup,2,1.00", "1,2010-12-01,Mug,1,1.00"), {
    type: "orders",
  });
  expect(result).toMatchObject({ created: 0, refused: 2 });
  await db().pastOrder.deleteMany();

  const retryId = await retryRefused({ actor: staff, importId, now: new Date() });

  expect(await run(retryId)).toMatchObject({ created: 1, refused: 0, total: 2 });
  expect(await db().pastOrder.findMany()).toMatchObject([{ number: "1", totalAmount: 300 }]);
});
