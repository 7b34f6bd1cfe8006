const numeric = /^[+-]?\d+(\.\d+)?$/;
/** Spreadsheets run a cell that begins so as a formula. https://owasp.org/www-community/attacks/CSV_Injection */
const formula = /^'*[=+\-@\t\r]/;

const quoted = (text: string): string => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** One record of a CSV file (RFC 4180, with its line break), each cell as it is: for programs. */
export function plainCsvRecord(cells: readonly string[]): string {
  return `${cells.map(quoted).join(",")}\r\n`;
}

/**
 * One record of a CSV file for people. No cell is run as a formula by a spreadsheet: what would be is made text by an
 * apostrophe before it (what has such apostrophes already gets one more); numbers stay numbers. `unguarded` takes it back.
 */
export function csvRecord(cells: readonly (string | number)[]): string {
  return plainCsvRecord(cells.map((value) => guarded(String(value))));
}

const guarded = (text: string): string => (formula.test(text) && !numeric.test(text) ? `'${text}` : text);

/** A cell of `csvRecord` as it was before. */
export function unguarded(text: string): string {
  return text.startsWith("'") && formula.test(text) ? text.slice(1) : text;
}
