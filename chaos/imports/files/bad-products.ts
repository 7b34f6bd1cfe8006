import type { BadWay } from "./made-file";

export const columns = [
  "Handle",
  "Title",
  "Body (HTML)",
  "Vendor",
  "Tags",
  "Published",
  "Status",
  "Option1 Name",
  "Option1 Value",
  "Variant SKU",
  "Variant Grams",
  "Variant Inventory Tracker",
  "Variant Inventory Qty",
  "Variant Price",
  "Variant Compare At Price",
  "Image Src",
] as const;

/** Cells by heading; `more` is what stands behind the last one. */
export type Row = Partial<Record<(typeof columns)[number] | "more", string>>;

type BadProductRow = BadWay & { breakRow: (row: Row) => Row; isOfProduct?: true };

const withCell =
  (column: keyof Row, value: string) =>
  (row: Row): Row => ({ ...row, [column]: value });

/** Twenty ways in which a row cannot be taken. */
export const badRows: Record<string, BadProductRow> = {
  "a comma in the price": {
    breakRow: withCell("Variant Price", "12,50"),
    field: "Variant Price",
    reason: /"12,50" is not a number/,
  },
  "a negative price": { breakRow: withCell("Variant Price", "-5.00"), field: "Variant Price", reason: /is negative/ },
  "a third decimal": {
    breakRow: withCell("Variant Price", "1.999"),
    field: "Variant Price",
    reason: /more than the 2 decimals/,
  },
  "no price": { breakRow: withCell("Variant Price", ""), field: "Variant Price", reason: /price is missing/ },
  "a price without end": {
    breakRow: withCell("Variant Price", "99999999999"),
    field: "Variant Price",
    reason: /is too large/,
  },
  "a currency in the price": {
    breakRow: withCell("Variant Price", "€5"),
    field: "Variant Price",
    reason: /"€5" is not a number/,
  },
  "words for a compare-at price": {
    breakRow: withCell("Variant Compare At Price", "sale"),
    field: "Variant Compare At Price",
    reason: /"sale" is not/,
  },
  "words for a weight": {
    breakRow: withCell("Variant Grams", "heavy"),
    field: "Variant Grams",
    reason: /weight "heavy g"/,
  },
  "words for a quantity": {
    breakRow: withCell("Variant Inventory Qty", "many"),
    field: "Variant Inventory Qty",
    reason: /quantity "many"/,
  },
  "half a piece": {
    breakRow: withCell("Variant Inventory Qty", "1.5"),
    field: "Variant Inventory Qty",
    reason: /quantity "1.5"/,
  },
  "no handle": { breakRow: withCell("Handle", ""), field: "Handle", reason: /handle is missing/ },
  "a cell too many": { breakRow: (row) => ({ ...row, more: ",more" }), field: null, reason: /17 cells/ },
  "the same size again": {
    breakRow: withCell("Option1 Value", "S"),
    field: "Option1 Value",
    reason: /same option values/,
  },
  "no size": {
    breakRow: withCell("Option1 Value", ""),
    field: "Option1 Value",
    reason: /value for the option 1 is missing/,
  },
  "a SKU without end": {
    breakRow: withCell("Variant SKU", "x".repeat(300)),
    field: "Variant SKU",
    reason: /^Variant SKU: /,
  },
  "an unknown status": {
    breakRow: withCell("Status", "open"),
    field: "Status",
    reason: /status "open"/,
    isOfProduct: true,
  },
  "neither true nor false": {
    breakRow: withCell("Published", "maybe"),
    field: "Published",
    reason: /neither true nor/,
    isOfProduct: true,
  },
  "a title without end": {
    breakRow: withCell("Title", "x".repeat(300)),
    field: "Title",
    reason: /^Title /,
    isOfProduct: true,
  },
  "a NUL": { breakRow: withCell("Vendor", "a\0b"), field: "Vendor", reason: /NUL/, isOfProduct: true },
  "blanks in the handle": {
    breakRow: withCell("Handle", "a b"),
    field: "Handle",
    reason: /^Handle|^handle/,
    isOfProduct: true,
  },
};
