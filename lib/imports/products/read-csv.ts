import type { ProductInput } from "@/lib/catalog/product-input";
import type { Candidate } from "../candidate";
import type { ReadOptions } from "../kinds/import-kind";
import { ownRecords } from "../refused/own-records";
import { readJson } from "./json/read-json";
import { readShopify } from "./shopify/read-shopify";

/**
 * The products of a CSV file: a Shopify product export, or refused rows as staff downloaded and mended them.
 *
 * @throws UnreadableFileError as `readShopify`
 */
export async function* readCsv(
  records: AsyncIterable<string[]>,
  options: ReadOptions,
): AsyncGenerator<Candidate<ProductInput>> {
  const own = await ownRecords(records);
  if (own.format === "csv") yield* readShopify(own.records, options);
  else yield* readJson(own.records, options);
}
