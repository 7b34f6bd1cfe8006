import type { PastOrderInput } from "@/lib/history/past-order";
import type { Candidate, RowNote } from "../candidate";
import { RowProblem } from "../table/row-problem";
import { documentsOf } from "./order-documents";
import { type OrderGroup, type OrderRow, refuseGroup } from "./order-group";
import type { OrderRules } from "./order-rules";
import { readHead } from "./read-head";
import { type ReadLine, readLine } from "./read-line";

/**
 * The order that rows of one number are. What was sold is one document, what came back (quantities below nothing, or an
 * amount that was refunded) is another. A row with a price of 0 is a correction of stock and refused alone; whatever
 * else is wrong with a row refuses its order as a whole, since without it the order would be another one.
 */
export function mapOrder(group: OrderGroup, rules: OrderRules): Candidate<PastOrderInput[]> {
  const { lastRow, lengthCharacters } = group;
  const notes = [...group.notes];
  try {
    const lines: ReadLine[] = [];
    const rows: OrderRow[] = [];
    const head = readHead(group, rules, notes);
    for (const row of group.rows) {
      const line = readLine(row, head, rules);
      if (line) {
        lines.push(line);
        rows.push(row);
      } else notes.push(worthless(row));
    }
    notes.sort((a, b) => a.rowNumber - b.rowNumber);
    const candidate = { lastRow, lengthCharacters, rowOf: new Map<string, number>(), notes };
    if (lines.length === 0) return { ...candidate, rows: [] };
    const item = documentsOf(lines, head);
    return { ...candidate, item, rows: rows.map(({ rowNumber, raw }) => ({ rowNumber, rawRow: raw })) };
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error;
    return refuseGroup(group, error.message, error.field);
  }
}

function worthless(row: OrderRow): RowNote {
  return {
    rowNumber: row.rowNumber,
    severity: "refused",
    field: row.heading("unitPrice"),
    reason: "The price is 0: a correction of stock, and no sale.",
    rawRow: row.raw(),
  };
}
