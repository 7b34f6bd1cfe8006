import { csvRecords } from "../formats/csv-records";
import type { JsonRecord } from "../formats/json-record";
import { jsonRecords } from "../formats/json-records";
import { ndjsonRecords } from "../formats/ndjson-records";
import type { SourceText } from "../kinds/import-kind";
import { ownRecords } from "../refused/own-records";
import { distinctHeadings } from "../table/columns";

/** How a table begins: its headings, as they are written, and its first rows. */
export type TableHead = { names: string[]; rows: string[][] };

const rowsMax = 5;

/** Reads no further than the first rows. @throws UnreadableFileError where the file breaks before */
export async function readHead(source: SourceText): Promise<TableHead> {
  if (source.format === "json") return headOfJson(jsonRecords(source.text));
  if (source.format === "ndjson") return headOfJson(ndjsonRecords(source.text));
  const own = await ownRecords(csvRecords(source.text));
  if (own.format === "json") return headOfJson(own.records);
  const [names = [], ...rows] = await take(own.records, rowsMax + 1);
  return { names, rows };
}

/** The names of all the first records; what is no object is none. */
async function headOfJson(records: AsyncIterable<JsonRecord>): Promise<TableHead> {
  const objects = (await take(records, rowsMax)).flatMap((record) => ("value" in record ? objectOf(record.value) : []));
  const names = distinctHeadings(objects.flatMap((object) => [...object.keys()]));
  return { names, rows: objects.map((object) => names.map((name) => object.get(name) ?? "")) };
}

function objectOf(value: unknown): Map<string, string>[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  const texts = Object.entries(value).map(([name, one]): [string, string] => [
    name,
    typeof one === "string" ? one : one === null ? "" : JSON.stringify(one),
  ]);
  return [new Map(texts)];
}

async function take<Item>(items: AsyncIterable<Item>, count: number): Promise<Item[]> {
  const taken: Item[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}
