import type { ProductInput } from "@/lib/catalog/product-input";
import type { Currency } from "@/lib/money/money";
import type { Candidate } from "../../candidate";
import type { JsonRecord } from "../../formats/json-record";
import { mapJsonProduct } from "./map-json-product";

/** The products of a JSON array or of JSON lines: one record is one product. Records up to `after` are skipped. */
export async function* readJson(
  records: AsyncIterable<JsonRecord>,
  { currency, after }: { currency: Currency; after: number },
): AsyncGenerator<Candidate<ProductInput>> {
  let rowNumber = 0;
  for await (const record of records) {
    rowNumber++;
    if (rowNumber <= after) continue;
    const { length: lengthCharacters } = record;
    if ("value" in record) yield mapJsonProduct(record.value, { rowNumber, lengthCharacters, currency });
    else
      yield {
        lastRow: rowNumber,
        lengthCharacters,
        notes: [{ rowNumber, severity: "refused", reason: record.problem, rawRow: record.line }],
        rows: [],
      };
  }
}
