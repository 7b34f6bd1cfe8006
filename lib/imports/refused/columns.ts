/** What stands before the cells of a refused row in the file that staff download. An import does not read it. */
const ours = ["Refused row", "Refused field", "Refused because"] as const;
/** The column of what has no columns: a JSON record, as JSON. */
const record = "JSON record";

/** The first line of the file with the refused rows of an import; without `columns` its rows are JSON records. */
export function headerOf(columns: readonly string[]): string[] {
  return [...ours, ...(columns.length > 0 ? columns : [record])];
}

/** Whether a file with this first line is one that was downloaded, and so written by `csvRecord`. */
export function isOfRefused(header: readonly string[]): boolean {
  return ours.every((name, index) => same(header[index], name));
}

/** Whether the own cells of such a file's rows are JSON records. */
export function isOfRecords(ownHeader: readonly string[]): boolean {
  return same(ownHeader[0], record);
}

/** The row's own cells, as its import had read them. */
export function ownCells<Cell>(cells: readonly Cell[]): Cell[] {
  return cells.slice(ours.length);
}

const same = (heading: string | undefined, name: string): boolean =>
  heading?.trim().toLowerCase() === name.toLowerCase();
