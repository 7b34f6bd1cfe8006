import { expect, test } from "vitest";
import type { BulkTx } from "@/lib/db/bulk-transaction";
import type { Candidate } from "@/lib/imports/candidate";
import type { ImportKind } from "@/lib/imports/kinds/import-kind";
import { partsOf } from "@/lib/imports/parts-of";

const megabyte = 1024 * 1024;
const candidate = (lastRow: number, item?: number): Candidate<number> => ({
  lastRow,
  lengthCharacters: 1,
  item,
  notes: [],
  rows: [],
});
const nobody = {} as BulkTx;
/** Each item is how many megabytes it replaces. */
const kind = {
  sizesBefore: async (_tx: BulkTx, items: readonly number[]) => items.map((item) => item * megabyte),
} as unknown as ImportKind<number>;

test("items that replace much are saved a few at a time, in their order and with the rows between them", async () => {
  const chunk = [5, 5, undefined, 5, 5, 40, 1, undefined].map((item, index) => candidate(index + 1, item));

  const parts = await partsOf(nobody, kind, chunk);

  expect(parts.map((part) => part.map(({ lastRow }) => lastRow))).toEqual([[1, 2, 3, 4], [5], [6], [7, 8]]);
});

test("a kind that does not say what it replaces is saved as it comes, and so is a portion with no items", async () => {
  const chunk = [candidate(1), candidate(2)];

  expect(await partsOf(nobody, {} as ImportKind<number>, chunk)).toEqual([chunk]);
  expect(await partsOf(nobody, kind, chunk)).toEqual([chunk]);
});
