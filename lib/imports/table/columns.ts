import { UnreadableFileError } from "../errors";
import { storable } from "../storable";
import type { Fields } from "./fields";
import { type Mapping, noMapping } from "./mapping";

/** Where each field stands in this file, and under which heading. No two `names` are the same. */
export type Columns<Name extends string> = {
  readonly names: readonly string[];
  readonly at: Readonly<Partial<Record<Name, number>>>;
  readonly values: Readonly<Partial<Record<Name, string>>>;
  readonly fields: Fields<Name>;
};

/**
 * Finds the columns of the fields, whatever their order and case; what staff decided goes before what headings say.
 *
 * @throws UnreadableFileError naming each column that is missing (unless `isLenient`), or one that is there twice; `what`
 *   says what such a file needs.
 */
export function findColumns<Name extends string>(
  header: readonly string[],
  {
    fields,
    what,
    mapping = noMapping,
    isLenient = false,
  }: { fields: Fields<Name>; what: string; mapping?: Mapping; isLenient?: boolean },
): Columns<Name> {
  const columns = matchColumns(header, fields, mapping);
  if (isLenient) return columns;
  const missing = (Object.keys(fields) as Name[])
    .filter((field) => fields[field].isRequired && !isKnown(columns, field))
    .map((field) => `"${fields[field].headings[0]}"`);
  if (missing.length > 0)
    throw new UnreadableFileError(
      `The column${missing.length > 1 ? "s" : ""} ${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} missing. ${what}`,
    );
  return columns;
}

/** `findColumns` for a file of which something may still be missing. @throws UnreadableFileError for one that is there twice */
export function matchColumns<Name extends string>(
  header: readonly string[],
  fields: Fields<Name>,
  mapping: Mapping,
): Columns<Name> {
  const indexOf = new Map<string, number>();
  const repeated = new Set<string>();
  for (const [index, name] of header.entries()) {
    const key = headingKey(name);
    if (indexOf.has(key)) repeated.add(key);
    else indexOf.set(key, index);
  }
  const at: Partial<Record<Name, number>> = {};
  const values: Partial<Record<Name, string>> = {};
  for (const field of Object.keys(fields) as Name[]) {
    const decided = mapping.columns[field];
    const candidates = fields[field].isForAll ? [] : decided === undefined ? fields[field].headings : [decided];
    const name = candidates.find((candidate) => candidate !== "" && indexOf.has(headingKey(candidate)));
    if (name !== undefined && repeated.has(headingKey(name)))
      throw new UnreadableFileError(
        `The column "${name}" is there twice, and it cannot be told which one counts. Take one out and upload it again.`,
      );
    if (name !== undefined) at[field] = indexOf.get(headingKey(name));
    else if (fields[field].fixed && mapping.values[field]) values[field] = mapping.values[field];
  }
  return { names: distinct(header), at, values, fields };
}

/** Whether the rows can say it. */
export function isKnown<Name extends string>({ at, values }: Columns<Name>, field: Name): boolean {
  return at[field] !== undefined || values[field] !== undefined;
}

/** What tells a heading from others: not its case, nor the blanks in it, which a form does not send as they are. */
export const headingKey = (heading: string): string => heading.trim().replace(/\s+/g, " ").toLowerCase();

/** Headings that rows can be kept by: one that is missing goes by its place, and one that was there before gets a number. */
function distinct(header: readonly string[]): string[] {
  const names = new Set<string>();
  for (const [index, heading] of header.entries()) {
    const name = storable(heading.trim()) || `Column ${index + 1}`;
    let free = name;
    for (let number = 2; names.has(free); number++) free = `${name} (${number})`;
    names.add(free);
  }
  return [...names];
}

/** Each heading once, as it is written first. */
export function distinctHeadings(names: readonly string[]): string[] {
  const byKey = new Map<string, string>();
  for (const name of names) if (!byKey.has(headingKey(name))) byKey.set(headingKey(name), name);
  return [...byKey.values()];
}

/** One row of the file, read by field. */
export type Row = { rowNumber: number; cells: readonly string[] };

/** What the row says, without blanks around it; empty where it says nothing; undefined where the file does not say it. */
export function cell<Name extends string>(columns: Columns<Name>, row: Row, field: Name): string | undefined {
  const index = columns.at[field];
  return index === undefined ? columns.values[field] : (row.cells[index] ?? "").trim();
}

/** The heading under which the file has this field. */
export function headingOf<Name extends string>({ at, names, fields }: Columns<Name>, field: Name): string {
  const index = at[field];
  return (index === undefined ? undefined : names[index]) ?? fields[field].headings[0];
}

/**
 * The row as it was: by heading, without its empty cells. A row with a wrong number of cells is just its cells, since it
 * does not say which of them stand under which heading.
 */
export function rawRow(
  { names }: Pick<Columns<string>, "names">,
  { cells }: Row,
): Record<string, string> | readonly string[] {
  if (cells.length !== names.length) return cells;
  return Object.fromEntries(names.flatMap((name, index) => (cells[index] ? [[name, cells[index]]] : [])));
}
