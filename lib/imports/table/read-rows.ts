import type { Candidate, RowNote } from "../candidate";
import type { ReadOptions, SourceText } from "../kinds/import-kind";
import { readTable, type Table, type TableRow } from "./read-table";
import { RowProblem } from "./row-problem";

/** What is to be said of a row that is taken: not as it was given. */
export type Adjusted = { field: string; reason: string };

/**
 * The items of a table in which each row is one. `toItem` throws a RowProblem for a row that cannot be taken, which is
 * then refused alone.
 *
 * @throws UnreadableFileError as `readTable`
 */
export async function* readRows<Name extends string, Item>(
  source: SourceText,
  table: Table<Name>,
  { toItem, ...options }: ReadOptions & { toItem: (row: TableRow<Name>) => { item: Item; adjusted?: Adjusted[] } },
): AsyncGenerator<Candidate<Item>> {
  for await (const row of readTable(source, table, options)) {
    const { rowNumber, lengthCharacters, raw, problem } = row;
    const candidate = { lastRow: rowNumber, lengthCharacters };
    const refused = (note: Omit<RowNote, "severity" | "rowNumber">): Candidate<Item> => ({
      ...candidate,
      rows: [],
      notes: [{ rowNumber, severity: "refused", rawRow: raw(), ...note }],
    });
    if (problem) {
      yield refused(problem);
      continue;
    }
    let taken: ReturnType<typeof toItem> | RowProblem;
    try {
      taken = toItem(row);
    } catch (error) {
      if (!(error instanceof RowProblem)) throw error;
      taken = error;
    }
    if (taken instanceof RowProblem) yield refused({ field: taken.field, reason: taken.message });
    else {
      const notes = (taken.adjusted ?? []).map((note): RowNote => ({ rowNumber, severity: "adjusted", ...note }));
      yield { ...candidate, item: taken.item, rows: [{ rowNumber, rawRow: raw }], notes };
    }
  }
}
