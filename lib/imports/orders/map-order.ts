import type { PastOrderInput } from "@/lib/history/past-order";
import type { Candidate, RowNote } from "../candidate";
import { documentsOf } from "./order-documents";
import type { OrderGroup, OrderRow } from "./order-group";
import type { OrderRules } from "./order-rules";
import { readHead } from "./read-head";
import { type ReadLine, readLine } from "./read-line";

/**
 * The order that rows of one number are. What was sold is one document, what came back (quantities below nothing, or an
 * amount that was refunded) is another. A row with a price of 0 is a correction of stock and refused alone.
 *
 * @throws RowProblem for whatever else is wrong with a row: without it the order would be another one
 */
export function mapOrder(group: OrderGroup, rules: OrderRules): Candidate<PastOrderInput[]> {
  const { lastRow, lengthCharacters } = group;
  const candidate = { lastRow, lengthCharacters };
  const notes = [...group.notes];
  if (group.rows.length === 0) return { ...candidate, notes, rows: [] };
  const head = readHead(group, rules, notes);
  const lines: ReadLine[] = [];
  const rows: OrderRow[] = [];
  for (const row of group.rows) {
    const line = readLine(row, head, rules);
    if (line) {
      lines.push(line);
      rows.push(row);
    } else notes.push(worthless(row));
  }
  notes.sort((a, b) => a.rowNumber - b.rowNumber);
  if (lines.length === 0) return { ...candidate, notes, rows: [] };
  const item = documentsOf(lines, head);
  return { ...candidate, notes, item, rows: rows.map(({ rowNumber, raw }) => ({ rowNumber, rawRow: raw })) };
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
