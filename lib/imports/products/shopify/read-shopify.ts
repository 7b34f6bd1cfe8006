import type { ProductInput } from "@/lib/catalog/product-input";
import type { Candidate } from "../../candidate";
import { UnreadableFileError } from "../../errors";
import type { ReadOptions } from "../../kinds/import-kind";
import { cell, findColumns, type Row, rawRow } from "../../table/columns";
import { type Columns, shopifyFields } from "./columns";
import { type Group, mapGroup } from "./map-group";

/** A product with more rows than this is read in parts, which join again in the store. */
const groupRowsMax = 1000;
/** The same for one whose rows are long. */
const groupCharactersMax = 2 * 1024 * 1024;
const productFile = "A product file needs the columns of Shopify's product export; the first line names them.";
/** What a cell takes beside its characters. */
const cellCharacters = 32;

/**
 * The products of a Shopify product export. Rows of one handle that follow each other are one product; rows that come
 * later under a handle join what is already stored of it.
 *
 * A row that cannot belong to any product (no handle, a wrong number of cells) is refused by itself. Rows up to
 * `after` are skipped. `onColumns` hears the headings, each of another name, before any row is read.
 *
 * @throws UnreadableFileError where columns are missing or the file breaks.
 */
export async function* readShopify(
  records: AsyncIterable<string[]>,
  { currency, after, mapping, onColumns }: ReadOptions,
): AsyncGenerator<Candidate<ProductInput>> {
  let columns: Columns | undefined;
  let group: Group | undefined;
  let rowNumber = 0;
  try {
    for await (const cells of records) {
      if (!columns) {
        columns = findColumns(cells, { fields: shopifyFields, what: productFile, mapping });
        await onColumns?.(columns.names);
        continue;
      }
      rowNumber++;
      if (rowNumber <= after) continue;
      const row = { rowNumber, cells };
      if (group && !joins(columns, group, row)) {
        yield mapGroup(columns, group, currency);
        group = undefined;
      }
      group ??= { handle: "", rows: [], notes: [], lastRow: rowNumber, lengthCharacters: 0 };
      addRow(columns, group, row);
    }
  } catch (error) {
    // What was read before the file broke goes in.
    if (error instanceof UnreadableFileError && columns && group) yield mapGroup(columns, group, currency);
    throw error;
  }
  if (columns && group) yield mapGroup(columns, group, currency);
}

/** Rows that belong to no product stay with the one they stand in, so that they do not cut it in two. */
function joins(columns: Columns, group: Group, row: Row): boolean {
  if (group.rows.length + group.notes.length >= groupRowsMax) return false;
  if (group.lengthCharacters >= groupCharactersMax) return false;
  const handle = cell(columns, row, "handle") ?? "";
  return group.handle === "" || handle === "" || handle === group.handle || problemOf(columns, row) !== undefined;
}

function addRow(columns: Columns, group: Group, row: Row): void {
  group.lastRow = row.rowNumber;
  group.lengthCharacters += row.cells.reduce((sum, value) => sum + value.length + cellCharacters, 0);
  const problem = problemOf(columns, row);
  const handle = cell(columns, row, "handle") ?? "";
  if (problem)
    group.notes.push({ rowNumber: row.rowNumber, severity: "refused", ...problem, rawRow: rawRow(columns, row) });
  else if (handle !== "") {
    group.handle = handle;
    group.rows.push(row);
  }
}

/** What is wrong with a row whatever product it belongs to. A row with nothing in it is not wrong. */
function problemOf(columns: Columns, row: Row): { field?: string; reason: string } | undefined {
  if (row.cells.every((value) => value.trim() === "")) return undefined;
  const expected = columns.names.length;
  if (row.cells.length !== expected)
    return { reason: `The row has ${row.cells.length} cells where the first line has ${expected}.` };
  if (cell(columns, row, "handle") === "") return { field: "Handle", reason: "The handle is missing." };
  return undefined;
}
