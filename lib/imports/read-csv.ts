import { unguarded } from "@/lib/csv";
import type { Currency } from "@/lib/money/money";
import type { Candidate } from "./candidate";
import { type JsonRecord, parseRecord } from "./formats/json-record";
import { readJson } from "./json/read-json";
import { isOfRecords, isOfRefused, ownCells } from "./refused/columns";
import { readShopify } from "./shopify/read-shopify";
import { peek } from "./source/peek";

/**
 * The products of a CSV file: a Shopify product export, or refused rows as staff downloaded and mended them. Of those
 * only the row's own cells are read, without the apostrophes that kept a spreadsheet from running them.
 *
 * @throws UnreadableFileError as `readShopify`
 */
export async function* readCsv(
  records: AsyncIterable<string[]>,
  options: { currency: Currency; after: number; onColumns?: (names: readonly string[]) => Promise<void> },
): AsyncGenerator<Candidate> {
  const { head, all } = await peek(records, 1, () => 1);
  const header = head[0] ?? [];
  if (!isOfRefused(header)) yield* readShopify(all, options);
  else if (isOfRecords(ownCells(header))) yield* readJson(jsonOf(all), options);
  else yield* readShopify(mended(all), options);
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
