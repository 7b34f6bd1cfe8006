import { oneLine } from "@/lib/text-input";
import { type Candidate, quote } from "../candidate";
import type { ReadOptions, SourceText } from "../kinds/import-kind";
import { ofOtherPlace } from "../refused/same-as-row";
import { type Adjusted, readRows } from "../table/read-rows";
import type { Table, TableRow } from "../table/read-table";
import { RowProblem } from "../table/row-problem";
import { type InventoryField, inventoryFields, type SkuCount } from "./fields";

const table: Table<InventoryField> = {
  fields: inventoryFields,
  what: "A file of stock has a row for each SKU; say on the page of its columns which one is which.",
};

const onHandMax = 1_000_000_000;

/**
 * How much of each SKU a table says is on hand. Stock below nothing is taken as nothing and said.
 *
 * @throws UnreadableFileError as `readTable`
 */
export async function* readInventory(source: SourceText, options: ReadOptions): AsyncGenerator<Candidate<SkuCount>> {
  let place: string | undefined;
  const toItem = (row: TableRow<InventoryField>) => {
    const own = row.text("location");
    place ??= own;
    if (own !== place)
      throw new RowProblem(row.heading("location"), ofOtherPlace(quote(own ?? ""), quote(place ?? "")));
    return countOf(row);
  };
  // From the beginning, wherever an import goes on: the first row says which place it is of.
  for await (const candidate of readRows(source, table, { ...options, after: 0, toItem }))
    if (candidate.lastRow > options.after) yield candidate;
}

function countOf(row: TableRow<InventoryField>): { item: SkuCount; adjusted?: Adjusted[] } {
  const sku = oneLine(row.text("sku") ?? "");
  if (sku === "") throw new RowProblem(row.heading("sku"), "The SKU is missing.");
  const column = row.text("newOnHand") ? "newOnHand" : "onHand";
  const text = row.text(column) ?? "";
  const field = row.heading(column);
  if (text.toLowerCase() === "not stocked") throw new RowProblem(field, "It is not stocked at this place.");
  if (!/^[+-]?\d{1,15}(\.0+)?$/.test(text)) throw new RowProblem(field, `${quote(text)} is no whole number of pieces.`);
  const onHand = Number(text);
  if (onHand > onHandMax) throw new RowProblem(field, `${quote(text)} pieces are more than any shelf holds.`);
  if (onHand >= 0) return { item: { sku, onHand } };
  return { item: { sku, onHand: 0 }, adjusted: [{ field, reason: `The stock of ${text} was taken as 0.` }] };
}
