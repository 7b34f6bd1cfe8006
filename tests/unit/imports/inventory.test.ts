import { expect, test } from "vitest";
import { inventoryKind } from "@/lib/imports/inventory/inventory-kind";
import { notesOf, readAs } from "./read-text";

const read = (...lines: string[]) => readAs(inventoryKind, `${lines.join("\n")}\n`);
const items = (candidates: Awaited<ReturnType<typeof read>>) => candidates.map(({ item }) => item);

test("in Shopify's inventory export the new count goes before the current one, where there is a new one", async () => {
  const found = await read(
    "Handle,SKU,Location,Available (not editable),On hand (current),On hand (new)",
    "mug,MUG-S,Here,3,5,",
    "mug,MUG-L,Here,3,5,9",
    "mug,MUG-XL,Here,3,not stocked,2",
    "mug,MUG-XS,Here,3,not stocked,",
    "mug,MUG-M,Here,3,5,Not stocked",
  );

  expect(items(found)).toEqual([
    { sku: "MUG-S", onHand: 5 },
    { sku: "MUG-L", onHand: 9 },
    { sku: "MUG-XL", onHand: 2 },
    undefined,
    undefined,
  ]);
  const reason = "It is not stocked at this place.";
  expect(notesOf(found)).toMatchObject([
    { rowNumber: 4, severity: "refused", field: "On hand (current)", reason },
    { rowNumber: 5, severity: "refused", field: "On hand (new)", reason },
  ]);
});

test("a file with nothing but new counts is read by them", async () => {
  const found = await read("SKU,On hand (new)", "MUG-S,4", "MUG-L,");

  expect(items(found)).toEqual([{ sku: "MUG-S", onHand: 4 }, undefined]);
  expect(notesOf(found)).toMatchObject([{ rowNumber: 2, field: "On hand (new)" }]);
});

test("a count below nothing is taken as nothing and said, also where it is the new one", async () => {
  const found = await read("SKU,On hand (current),On hand (new)", "MUG-S,5,-2");

  expect(items(found)).toEqual([{ sku: "MUG-S", onHand: 0 }]);
  expect(notesOf(found)).toEqual([
    { rowNumber: 1, severity: "adjusted", field: "On hand (new)", reason: "The stock of -2 was taken as 0." },
  ]);
});
