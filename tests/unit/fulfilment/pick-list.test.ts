import { expect, test } from "vitest";
import { pickList } from "@/lib/fulfilment/pick-list";

const line = (sku: string | null, quantity: number, weightGrams: number | null) => ({
  sku,
  title: "Mug",
  variantTitle: sku === "MUG-R" ? "Red" : "",
  quantity,
  variant: { weightGrams },
});

test("a pick list goes along the shelves by SKU, with what has none at the end, and adds up", () => {
  const list = pickList([line(null, 1, 100), line("MUG-R", 2, 350), line("AWL", 3, 20)]);

  expect(list.lines.map(({ sku, title, quantity }) => [sku, title, quantity])).toEqual([
    ["AWL", "Mug", 3],
    ["MUG-R", "Mug (Red)", 2],
    [null, "Mug", 1],
  ]);
  expect(list.weightGrams).toBe(860);
});

test("a parcel with a piece of unknown weight has an unknown weight", () => {
  expect(pickList([line("AWL", 1, 20), line("MUG-R", 1, null)]).weightGrams).toBe(0);
  expect(pickList([{ ...line("AWL", 1, 20), variant: null }]).weightGrams).toBe(0);
});
