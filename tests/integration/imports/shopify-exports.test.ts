import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sharedData } from "@/tests/support/shared-data";
import { startWorld, type World } from "@/tests/support/world";
import { catalogue, emptyCatalogue, imported, writes } from "./import-text";

let world: World<"s3">;
beforeAll(async () => {
  world = await startWorld({ s3: true });
});
afterAll(() => world.close());
beforeEach(emptyCatalogue);

type Line = Record<string, string>;

/** What the file says, read without any of the import's own code. */
function expected(content: string) {
  const products = new Map<string, { title: string; variants: unknown[]; pictures: Set<string> }>();
  for (const line of parse(content, { columns: true, bom: true }) as Line[]) {
    const handle = line.Handle ?? "";
    if (!products.has(handle)) products.set(handle, { title: line.Title ?? "", variants: [], pictures: new Set() });
    const product = products.get(handle);
    if (line["Image Src"]) product?.pictures.add(line["Image Src"]);
    if (!line["Variant Price"]) continue;
    const values = ["Option1 Value", "Option2 Value", "Option3 Value"].map((name) => line[name] ?? "").filter(Boolean);
    product?.variants.push({
      values: values.join() === "Default Title" ? [] : values,
      sku: line["Variant SKU"] || null,
      cents: Math.round(Number(line["Variant Price"]) * 100),
      was: line["Variant Compare At Price"] ? Math.round(Number(line["Variant Compare At Price"]) * 100) : null,
      grams: Number(line["Variant Grams"] || 0),
      tracked: line["Variant Inventory Tracker"] === "shopify",
      stock: Math.max(0, Number(line["Variant Inventory Qty"] || 0)),
    });
  }
  return [...products]
    .map(([handle, { title, variants, pictures }]) => ({ handle, title, variants, pictures: pictures.size }))
    .sort((a, b) => (a.handle < b.handle ? -1 : 1));
}

async function stored() {
  return (await catalogue()).map(({ handle, title, variants, images }) => ({
    handle,
    title,
    variants: variants.map(({ optionValues, sku, price, weightGrams, stock }) => ({
      values: optionValues,
      sku,
      cents: price[0],
      was: price[2],
      grams: weightGrams ?? 0,
      tracked: stock[0],
      stock: stock[1],
    })),
    pictures: images.length,
  }));
}

const files = [
  { name: "shopify-apparel.csv", products: 25, rows: 104 },
  { name: "shopify-jewelry.csv", products: 19, rows: 30 },
];

describe.each(files)("$name", ({ name, products, rows }) => {
  const path = sharedData(name);
  if (!path) console.warn(`${name} is not here: its tests are skipped.`);
  const content = path ? readFileSync(path, "utf8") : "";

  test.skipIf(!path)("becomes the products, variants, prices, stock and pictures that the file says", async () => {
    const { result } = await imported(content);

    expect(result).toMatchObject({ created: products, updated: 0, unchanged: 0, refused: 0, total: rows });
    const inHandleOrder = (await stored()).sort((a, b) => (a.handle < b.handle ? -1 : 1));
    expect(inHandleOrder).toEqual(expected(content));
  });

  test.skipIf(!path)("has a ledger that adds up to what is on hand", async () => {
    await imported(content);

    for (const { variants } of await catalogue())
      for (const { ledger, stock } of variants) expect(ledger).toBe(stock[1]);
  });

  test.skipIf(!path)("given again is unchanged and nothing is written", async () => {
    await imported(content);
    const before = await writes();

    const { result } = await imported(content);

    expect(result).toMatchObject({ created: 0, updated: 0, unchanged: products, refused: 0, total: rows });
    expect(await writes()).toEqual(before);
  });
});

test.skipIf(!sharedData("shopify-jewelry.csv"))("the jewelry's negative stock is said with its row", async () => {
  const { notes } = await imported(readFileSync(sharedData("shopify-jewelry.csv") ?? "", "utf8"));

  expect(notes.filter((note) => note.field === "Variant Inventory Qty")).toEqual([
    { rowNumber: 1, severity: "adjusted", field: "Variant Inventory Qty", reason: "The stock of -1 was taken as 0." },
  ]);
});
