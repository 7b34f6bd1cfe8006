const numeric = /^[+-]?\d+(\.\d+)?$/;
/** Spreadsheets run a cell that begins so as a formula. https://owasp.org/www-community/attacks/CSV_Injection */
const formula = /^[=+\-@\t\r]/;

function cell(value: string | number): string {
  const text = String(value);
  const safe = formula.test(text) && !numeric.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * One record of a CSV file (RFC 4180, with its line break). No cell is run as a formula by a spreadsheet: what would be
 * is made text by an apostrophe before it; numbers stay numbers.
 */
export function csvRecord(cells: readonly (string | number)[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}
