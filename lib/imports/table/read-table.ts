import { UnreadableFileError } from "../errors";
import { csvRecords } from "../formats/csv-records";
import type { JsonRecord } from "../formats/json-record";
import { jsonRecords } from "../formats/json-records";
import { ndjsonRecords } from "../formats/ndjson-records";
import type { ReadOptions, SourceText } from "../kinds/import-kind";
import { ownRecords } from "../refused/own-records";
import { peek } from "../source/peek";
import { type Columns, cell, distinctHeadings, findColumns, headingOf, rawRow } from "./columns";
import type { Fields } from "./fields";
import type { Mapping } from "./mapping";

/** What a kind reads a table by. */
export type Table<Name extends string> = {
  fields: Fields<Name>;
  /** The end of the sentence that a column is missing: what such a file needs. */
  what: string;
  /** Whether a JSON record may have lists and objects in it; they come as JSON. */
  isNested?: boolean;
};

/** One row of a table, read by field, from a line of CSV or an object of JSON. */
export type TableRow<Name extends string> = {
  /** 1-based, the header line not counted. */
  rowNumber: number;
  lengthCharacters: number;
  /** What it says without blanks around it; empty where it says nothing; undefined where the file does not say it. */
  text: (field: Name) => string | undefined;
  /** What the file calls the field. */
  heading: (field: Name) => string;
  /** The row as it was. */
  raw: () => unknown;
  /** Why it cannot be read at all. */
  problem?: { field?: string; reason: string };
};

/** What a cell takes beside its characters. */
const cellCharacters = 32;

/**
 * The rows of a table: of a CSV file with a header, of refused rows that were downloaded and mended, or of JSON records
 * that are objects. Rows with nothing in them are left out, but counted; rows up to `after` are skipped.
 *
 * @throws UnreadableFileError where a column that is required is missing, in JSON in the first five records together, or the
 *   file breaks
 */
export async function* readTable<Name extends string>(
  source: SourceText,
  table: Table<Name>,
  options: ReadOptions,
): AsyncGenerator<TableRow<Name>> {
  if (source.format === "json") return yield* rowsOfJson(jsonRecords(source.text), table, options);
  if (source.format === "ndjson") return yield* rowsOfJson(ndjsonRecords(source.text), table, options);
  const own = await ownRecords(csvRecords(source.text));
  if (own.format === "csv") yield* rowsOfCsv(own.records, table, options);
  else yield* rowsOfJson(own.records, table, { ...options, isPart: true });
}

async function* rowsOfCsv<Name extends string>(
  records: AsyncIterable<string[]>,
  table: Table<Name>,
  { after, mapping, onColumns }: ReadOptions,
): AsyncGenerator<TableRow<Name>> {
  let columns: Columns<Name> | undefined;
  let rowNumber = 0;
  for await (const cells of records) {
    if (!columns) {
      columns = findColumns(cells, { ...table, mapping });
      await onColumns?.(columns.names);
      continue;
    }
    rowNumber++;
    if (rowNumber <= after || cells.every((value) => value.trim() === "")) continue;
    const row = rowOf(columns, { rowNumber, cells });
    const expected = columns.names.length;
    if (cells.length === expected) yield row;
    else
      yield {
        ...row,
        problem: { reason: `The row has ${cells.length} cells where the first line has ${expected}.` },
      };
  }
}

function rowOf<Name extends string>(
  columns: Columns<Name>,
  row: { rowNumber: number; cells: readonly string[] },
): TableRow<Name> {
  return {
    rowNumber: row.rowNumber,
    lengthCharacters: row.cells.reduce((sum, value) => sum + value.length + cellCharacters, 0),
    text: (field) => cell(columns, row, field),
    heading: (field) => headingOf(columns, field),
    raw: () => rawRow(columns, row),
  };
}

/** So many records say together which names a file has. */
const headRecords = 5;

async function* rowsOfJson<Name extends string>(
  records: AsyncIterable<JsonRecord>,
  table: Table<Name>,
  { after, mapping, isPart = false }: ReadOptions,
): AsyncGenerator<TableRow<Name>> {
  const { head, all } = await peek(records, headRecords, () => 1);
  const names = head.flatMap((record) => ("value" in record ? namesOf(record.value) : []));
  // What is missing in one record is that record's own fault, which its kind says.
  if (!isPart && names.length > 0) findColumns(distinctHeadings(names), { ...table, mapping });
  let known: { key: string; columns: Columns<Name> } | undefined;
  let rowNumber = 0;
  for await (const record of all) {
    rowNumber++;
    if (rowNumber <= after) continue;
    const { length: lengthCharacters } = record;
    const raw = () => ("value" in record ? record.value : record.line);
    const refused = (reason: string, field?: string): TableRow<Name> => ({
      rowNumber,
      lengthCharacters,
      text: () => undefined,
      heading: (name) => table.fields[name].headings[0],
      raw,
      problem: { field, reason },
    });
    const cells = "value" in record ? cellsOf(record.value, table.isNested) : record;
    if ("problem" in cells) {
      yield refused(cells.problem, "field" in cells ? cells.field : undefined);
      continue;
    }
    const key = JSON.stringify(cells.names);
    if (key !== known?.key) {
      const columns = columnsOf(cells.names, { ...table, mapping });
      if (columns instanceof UnreadableFileError) {
        yield refused(columns.publicMessage);
        continue;
      }
      // Most records of a file have the same names as the one before.
      known = { key, columns };
    }
    yield { ...rowOf(known.columns, { rowNumber, cells: cells.values }), lengthCharacters, raw };
  }
}

function namesOf(record: unknown): string[] {
  return typeof record === "object" && record !== null && !Array.isArray(record) ? Object.keys(record) : [];
}

/** The columns of one record, whatever it leaves out. */
function columnsOf<Name extends string>(
  names: readonly string[],
  options: Table<Name> & { mapping: Mapping | undefined },
): Columns<Name> | UnreadableFileError {
  try {
    return findColumns(names, { ...options, isLenient: true });
  } catch (error) {
    if (error instanceof UnreadableFileError) return error;
    throw error;
  }
}

type Cells = { names: string[]; values: string[] } | { problem: string; field?: string };

function cellsOf(record: unknown, isNested = false): Cells {
  if (typeof record !== "object" || record === null || Array.isArray(record))
    return { problem: "The record is no object." };
  const values: string[] = [];
  for (const [field, value] of Object.entries(record)) {
    const isText = typeof value !== "object" || value === null;
    if (!isText && !isNested)
      return { problem: "There is a list or an object where a text or a number belongs.", field };
    values.push(isText ? String(value ?? "") : JSON.stringify(value));
  }
  return { names: Object.keys(record), values };
}
