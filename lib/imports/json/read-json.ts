import type { Currency } from "@/lib/money/money";
import type { Candidate } from "../candidate";
import type { NdjsonRecord } from "../formats/ndjson-records";
import { mapJsonProduct } from "./map-json-product";

/** The products of a JSON array or of JSON lines: one record is one product. Records up to `after` are skipped. */
export async function* readJson(
  records: AsyncIterable<NdjsonRecord>,
  { currency, after }: { currency: Currency; after: number },
): AsyncGenerator<Candidate> {
  let rowNumber = 0;
  for await (const record of records) {
    rowNumber++;
    if (rowNumber <= after) continue;
    if ("value" in record) yield mapJsonProduct(record.value, { rowNumber, currency });
    else
      yield {
        lastRow: rowNumber,
        notes: [{ rowNumber, severity: "refused", reason: record.problem, rawRow: record.line }],
        rows: [],
        rowOfVariant: new Map(),
      };
  }
}

/** Elements of an array in the shape of lines. */
export async function* asRecords(values: AsyncIterable<unknown>): AsyncGenerator<NdjsonRecord> {
  for await (const value of values) yield { value };
}
