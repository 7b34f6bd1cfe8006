import type { PastOrderInput } from "@/lib/history/past-order";
import type { Candidate } from "../candidate";
import { UnreadableFileError } from "../errors";
import type { ReadOptions, SourceText } from "../kinds/import-kind";
import { readTable, type Table } from "../table/read-table";
import { RowProblem } from "../table/row-problem";
import { type OrderField, orderFields } from "./fields";
import { mapOrder } from "./map-order";
import { type OrderGroup, type OrderRow, refuseGroup } from "./order-group";
import { orderRules } from "./order-rules";
import { textMax } from "./order-text";

const table: Table<OrderField> = {
  fields: orderFields,
  what: "A file of orders has one row for each line of an order; say on the page of its columns which one is which.",
};

/** No order has more lines; it could not be stored in one portion. */
const groupRowsMax = 10_000;
const groupCharactersMax = 4 * 1024 * 1024;
/** So many refused orders are remembered. */
const refusedMax = 100_000;
const tooManyRefused = `More than ${refusedMax.toLocaleString("en-IE")} orders cannot be taken. Look at the reasons, say on the page of the columns which one is which, or mend the file.`;

/**
 * The orders of a table in which each row is a line of one; rows of one number that follow each other are one order. An
 * order that might lack a row is refused: one with too many rows, one beside a row that cannot be read, and one of which
 * other rows were refused before.
 *
 * @throws UnreadableFileError as `readTable`
 */
export async function* readOrders(
  source: SourceText,
  options: ReadOptions,
): AsyncGenerator<Candidate<PastOrderInput[]>> {
  const rules = orderRules(options);
  const refused = new Set<string>();
  /** What is refused of an order is remembered, since the rest of it may still come. */
  const end = (group: OrderGroup, reason?: string): Candidate<PastOrderInput[]> => {
    try {
      const why = reason ?? group.problem ?? (refused.has(group.number) ? restOf(group.number) : undefined);
      if (why !== undefined) throw new RowProblem(undefined, why);
      return mapOrder(group, rules);
    } catch (error) {
      if (!(error instanceof RowProblem)) throw error;
      // A longer number is refused wherever it comes.
      if (group.number !== "" && group.number.length <= textMax) refused.add(group.number);
      if (refused.size > refusedMax) throw new UnreadableFileError(tooManyRefused);
      return refuseGroup(group, error.message, error.field);
    }
  };
  for await (const candidate of groupRows(source, options, end)) if (candidate.lastRow > options.after) yield candidate;
}

const restOf = (number: string) => `Other rows of order ${number} were refused, so that it would not be whole.`;

/** From the beginning, wherever an import goes on: what came before says what becomes of a row. */
async function* groupRows(
  source: SourceText,
  options: ReadOptions,
  end: (group: OrderGroup, reason?: string) => Candidate<PastOrderInput[]>,
): AsyncGenerator<Candidate<PastOrderInput[]>> {
  let group: OrderGroup | undefined;
  try {
    for await (const row of readTable(source, table, { ...options, after: 0 })) {
      const number = row.problem ? "" : (row.text("number") ?? "");
      let problem: string | undefined;
      if (group && number !== "" && group.number !== "" && number !== group.number) {
        problem = group.endsBroken ? group.problem : undefined;
        yield end(group);
        group = undefined;
      }
      group ??= newGroup(row.rowNumber, problem);
      add(group, row, number);
      if (group.rows.length > groupRowsMax || group.lengthCharacters >= groupCharactersMax) {
        const { endsBroken, problem: before } = group;
        yield end(group, tooLong);
        group = endsBroken ? newGroup(row.rowNumber, before) : undefined;
      }
    }
  } catch (error) {
    // Whether an order that the file breaks in is whole cannot be known.
    if (error instanceof UnreadableFileError && group)
      yield end(group, "The file cannot be read any further in this order.");
    throw error;
  }
  if (group) yield end(group);
}

const tooLong = `The order has more than ${groupRowsMax.toLocaleString("en-IE")} lines, or megabytes of text.`;

function newGroup(rowNumber: number, problem: string | undefined): OrderGroup {
  return { number: "", rows: [], notes: [], lastRow: rowNumber, lengthCharacters: 0, problem, endsBroken: false };
}

/** A row that cannot be read may be one of the order before it, or of the one behind it. */
function add(group: OrderGroup, row: OrderRow, number: string): void {
  const { rowNumber } = row;
  group.lastRow = rowNumber;
  group.lengthCharacters += row.lengthCharacters;
  const missing = { field: row.heading("number"), reason: "The order number is missing." };
  const problem = row.problem ?? (number === "" ? missing : undefined);
  group.endsBroken = problem !== undefined;
  if (problem) {
    group.notes.push({ rowNumber, severity: "refused", ...problem, rawRow: row.raw() });
    group.problem ??= `Row ${rowNumber} beside it cannot be read, and may belong to this order.`;
  } else {
    group.number = number;
    group.rows.push(row);
  }
}
