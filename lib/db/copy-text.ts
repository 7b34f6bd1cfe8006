/** What a column can be given by COPY. An array is one of texts. */
export type CopyValue = string | number | boolean | Date | null | readonly string[];

/**
 * A row in PostgreSQL's text format of COPY, with its line end.
 * https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS
 */
export function copyLine(values: readonly CopyValue[]): string {
  let line = "";
  for (let n = 0; n < values.length; n++) line += (n === 0 ? "" : "\t") + copyText(values[n] ?? null);
  return `${line}\n`;
}

function copyText(value: CopyValue): string {
  if (value === null) return "\\N";
  if (typeof value === "string") return escaped(value);
  if (typeof value === "boolean") return value ? "t" : "f";
  if (typeof value === "number") return String(value);
  if (value instanceof Date) return value.toISOString();
  return escaped(arrayLiteral(value));
}

const special = /[\\\b\f\n\r\t\v]/;
const specials = /[\\\b\f\n\r\t\v]/g;
const codes: Record<string, string> = {
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

function escaped(text: string): string {
  return special.test(text) ? text.replace(specials, (character) => codes[character] ?? character) : text;
}

/** https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function arrayLiteral(items: readonly string[]): string {
  return `{${items.map((item) => `"${item.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;
}
