import type { PastOrderInput } from "@/lib/history/past-order";
import type { Candidate, RowNote } from "../candidate";
import type { TableRow } from "../table/read-table";
import type { OrderField } from "./fields";

export type OrderRow = TableRow<OrderField>;

/** Rows that follow each other under one number, and what is to be said of rows in between that say none. */
export type OrderGroup = {
  number: string;
  rows: OrderRow[];
  notes: RowNote[];
  lastRow: number;
  lengthCharacters: number;
  /** Why it is refused whatever its rows say. */
  problem: string | undefined;
  /** Whether a row that says no number is the last one. */
  endsBroken: boolean;
};

/** All rows of an order, refused for one reason. */
export function refuseGroup(
  { rows, notes, lastRow, lengthCharacters }: OrderGroup,
  reason: string,
  field?: string,
): Candidate<PastOrderInput[]> {
  const refused = rows.map(
    ({ rowNumber, raw }): RowNote => ({ rowNumber, severity: "refused", field, reason, rawRow: raw() }),
  );
  const all = [...notes, ...refused].sort((a, b) => a.rowNumber - b.rowNumber);
  return { lastRow, lengthCharacters, rows: [], notes: all };
}
