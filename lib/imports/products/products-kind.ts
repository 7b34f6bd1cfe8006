import { previewProducts } from "@/lib/catalog/preview-products";
import type { ProductInput } from "@/lib/catalog/product-input";
import { type RefusedProduct, saveProducts } from "@/lib/catalog/save-product";
import type { Adjustment } from "@/lib/catalog/set-stock";
import { asStoredProduct, undoProducts } from "@/lib/catalog/undo-products";
import type { ProductId } from "@/lib/ids";
import { csvRecords } from "../formats/csv-records";
import { jsonRecords } from "../formats/json-records";
import { ndjsonRecords } from "../formats/ndjson-records";
import type { ImportKind, Refusal } from "../kinds/import-kind";
import { readJson } from "./json/read-json";
import { partOf } from "./part-of";
import { readCsv } from "./read-csv";
import { shopifyFields } from "./shopify/columns";

/** Products with their options, variants, prices, stock and pictures. */
export const productsKind: ImportKind<ProductInput> = {
  title: "Products",
  about:
    "Products with their variants, prices, stock and pictures, as a Shopify product export (CSV), a JSON array or JSON lines. Products are told by their handle.",
  fields: shopifyFields,
  read(source, options) {
    switch (source.format) {
      case "csv":
        return readCsv(csvRecords(source.text), options);
      case "json":
        return readJson(jsonRecords(source.text), options);
      case "ndjson":
        return readJson(ndjsonRecords(source.text), options);
    }
  },
  async save(tx, products, context) {
    return (await saveProducts(tx, products, context)).map((saved) => {
      const result = toResult(saved);
      if (saved.outcome === "refused" || saved.outcome === "unchanged") return result;
      return { ...result, changes: [{ subject: saved.productId, before: saved.before }] };
    });
  },
  async preview(tx, products, context) {
    return (await previewProducts(tx, products, context)).map(toResult);
  },
  async undo(tx, changes, context) {
    const written = changes.map(({ subject, before, at }) => ({
      productId: subject as ProductId,
      before: before === null ? null : asStoredProduct(before),
      at,
    }));
    return undoProducts(tx, written, context);
  },
  nameOf: ({ handle, title = "" }) => ({ handle, title }),
};

function toResult<Done extends { outcome: "created" | "updated" | "unchanged"; adjusted: Adjustment[] }>(
  result: Done | RefusedProduct,
) {
  if ("reason" in result) return { outcome: "refused", reason: result.reason.publicMessage } satisfies Refusal;
  const adjusted = result.adjusted.map(({ optionValues, field, reason }) => ({
    part: partOf(optionValues),
    field,
    reason,
  }));
  return { ...result, adjusted };
}
