import { unguarded } from "@/lib/csv";
import { type JsonRecord, parseRecord } from "../formats/json-record";
import { peek } from "../source/peek";
import { isOfRecords, isOfRefused, ownCells } from "./columns";

type Records =
  | { format: "csv"; records: AsyncIterable<string[]> }
  | { format: "json"; records: AsyncIterable<JsonRecord> };

/**
 * The records that a CSV file is about, its header first: its own, or where it is one of refused rows that staff
 * downloaded and mended, those rows as their file had them, without the apostrophes that kept a spreadsheet from running
 * them. What was refused of a JSON file comes as JSON again.
 */
export async function ownRecords(csv: AsyncIterable<string[]>): Promise<Records> {
  const { head, all } = await peek(csv, 1, () => 1);
  const header = head[0] ?? [];
  if (!isOfRefused(header)) return { format: "csv", records: all };
  if (isOfRecords(ownCells(header))) return { format: "json", records: jsonOf(all) };
  return { format: "csv", records: mended(all) };
}

async function* mended(records: AsyncIterable<string[]>): AsyncGenerator<string[]> {
  for await (const cells of records) yield ownCells(cells).map(unguarded);
}

/** The JSON of each row but the first, which is the header. A row without any is none. */
async function* jsonOf(records: AsyncIterable<string[]>): AsyncGenerator<JsonRecord> {
  let isHeader = true;
  for await (const [text = ""] of mended(records)) {
    if (!isHeader && text.trim() !== "") yield parseRecord(text);
    isHeader = false;
  }
}
