import type { PastOrderInput } from "@/lib/history/past-order";
import type { Candidate } from "../candidate";
import { UnreadableFileError } from "../errors";
import type { ReadOptions, SourceText } from "../kinds/import-kind";
import { readTable, type Table } from "../table/read-table";
import { type OrderField, orderFields } from "./fields";
import { mapOrder } from "./map-order";
import { type OrderGroup, type OrderRow, refuseGroup } from "./order-group";
import { orderRules } from "./order-rules";

const table: Table<OrderField> = {
  fields: orderFields,
  what: "A file of orders has one row for each line of an order; say on the page of its columns which one is which.",
};

/** No order has more lines; it could not be stored in one portion. */
const groupRowsMax = 10_000;
const groupCharactersMax = 4 * 1024 * 1024;

/**
 * The orders of a table in which each row is a line of one; rows of one number that follow each other are one order.
 * Of an order with too many rows each row is refused.
 *
 * @throws UnreadableFileError as `readTable`
 */
export async function* readOrders(
  source: SourceText,
  options: ReadOptions,
): AsyncGenerator<Candidate<PastOrderInput[]>> {
  const rules = orderRules(options);
  let group: OrderGroup | undefined;
  let tooLong: string | undefined;
  try {
    for await (const row of readTable(source, table, options)) {
      const number = row.problem ? "" : (row.text("number") ?? "");
      if (group && number !== "" && group.number !== "" && number !== group.number) {
        yield mapOrder(group, rules);
        group = undefined;
      }
      group ??= { number: "", rows: [], notes: [], lastRow: row.rowNumber, lengthCharacters: 0 };
      if (number !== "" && number !== tooLong) tooLong = undefined;
      add(group, row, number);
      if (group.rows.length > groupRowsMax || group.lengthCharacters >= groupCharactersMax || tooLong) {
        tooLong = group.number;
        yield refuseLong(group);
        group = undefined;
      }
    }
  } catch (error) {
    // Whether an order that the file breaks in is whole cannot be known.
    if (error instanceof UnreadableFileError && group) yield refuseBroken(group);
    throw error;
  }
  if (group) yield mapOrder(group, rules);
}

function add(group: OrderGroup, row: OrderRow, number: string): void {
  group.lastRow = row.rowNumber;
  group.lengthCharacters += row.lengthCharacters;
  const missing = { field: row.heading("number"), reason: "The order number is missing." };
  const problem = row.problem ?? (number === "" ? missing : undefined);
  if (problem) group.notes.push({ rowNumber: row.rowNumber, severity: "refused", ...problem, rawRow: row.raw() });
  else {
    group.number = number;
    group.rows.push(row);
  }
}

function refuseLong(group: OrderGroup): Candidate<PastOrderInput[]> {
  return refuseGroup(
    group,
    `The order has more than ${groupRowsMax.toLocaleString("en-IE")} lines, or megabytes of text.`,
  );
}

function refuseBroken(group: OrderGroup): Candidate<PastOrderInput[]> {
  return refuseGroup(group, "The file cannot be read any further in this order.");
}
