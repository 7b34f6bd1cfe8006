import type { RecordInput } from "@/lib/records/save-records";
import { oneLine } from "@/lib/text-input";
import type { Candidate } from "../candidate";
import type { ReadOptions, SourceText } from "../kinds/import-kind";
import { storableJson } from "../storable";
import type { Fields } from "../table/fields";
import { readRows } from "../table/read-rows";
import type { Table, TableRow } from "../table/read-table";
import { RowProblem } from "../table/row-problem";

export type RecordField = "id" | "dataset";

export const recordFields: Fields<RecordField> = {
  id: {
    label: "Id",
    headings: ["id", "external id", "externalId", "external_id", "key"],
    isRequired: true,
    hint: "Tells which record it is: the same id is the same record, also in later files",
  },
  dataset: { label: "Dataset", headings: ["dataset"], fixed: "text", hint: "A name for them; “records” otherwise" },
};

const table: Table<RecordField> = {
  fields: recordFields,
  what: "Each record needs an id; say on the page of its columns which one it is.",
  isNested: true,
};

const textMax = 200;

/** The records of a table or of JSON, each whole. @throws UnreadableFileError as `readTable` */
export function readRecords(source: SourceText, options: ReadOptions): AsyncGenerator<Candidate<RecordInput>> {
  return readRows(source, table, { ...options, toItem: (row) => ({ item: recordOf(row) }) });
}

function recordOf(row: TableRow<RecordField>): RecordInput {
  const short = (field: RecordField) => {
    const text = oneLine(row.text(field) ?? "");
    if (text.length > textMax) throw new RowProblem(row.heading(field), `There are more than ${textMax} characters.`);
    return text;
  };
  const externalId = short("id");
  if (externalId === "") throw new RowProblem(row.heading("id"), "The id is missing.");
  if (isRounded(row.raw(), row.heading("id")))
    throw new RowProblem(row.heading("id"), "The id is too large for a number of JSON. Write it in quotation marks.");
  return { dataset: short("dataset") || "records", externalId, data: storableJson(JSON.stringify(row.raw())) };
}

/** Past this a number of JSON is read as the next one that there is, and several ids would be one. */
function isRounded(record: unknown, name: string): boolean {
  const value = (record as Record<string, unknown>)[name];
  return typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER;
}
