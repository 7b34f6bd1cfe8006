import { UnreadableFileError } from "../errors";
import { storable } from "../storable";

/** What we read of a row, by the heading of Shopify's export and that of its newer template. */
const headings = {
  handle: ["Handle", "URL handle"],
  title: ["Title"],
  description: ["Body (HTML)", "Body HTML", "Description"],
  vendor: ["Vendor"],
  type: ["Type"],
  tags: ["Tags"],
  published: ["Published", "Published on online store"],
  status: ["Status"],
  option1Name: ["Option1 Name"],
  option1Value: ["Option1 Value"],
  option2Name: ["Option2 Name"],
  option2Value: ["Option2 Value"],
  option3Name: ["Option3 Name"],
  option3Value: ["Option3 Value"],
  sku: ["Variant SKU", "SKU"],
  barcode: ["Variant Barcode", "Barcode"],
  price: ["Variant Price", "Price"],
  compareAtPrice: ["Variant Compare At Price", "Compare-at price"],
  grams: ["Variant Grams", "Weight value (grams)"],
  weight: ["Variant Weight"],
  weightUnit: ["Variant Weight Unit"],
  inventoryTracker: ["Variant Inventory Tracker", "Inventory tracker"],
  inventoryQuantity: ["Variant Inventory Qty", "Inventory quantity"],
  inventoryPolicy: ["Variant Inventory Policy", "Continue selling when out of stock"],
  imageUrl: ["Image Src", "Product image URL"],
  imagePosition: ["Image Position", "Image position"],
  imageAlt: ["Image Alt Text", "Image alt text"],
  variantImage: ["Variant Image", "Variant image URL"],
} as const;

export type Field = keyof typeof headings;

/** Where each field stands in this file, and under which heading. No two `names` are the same. */
export type Columns = { readonly names: readonly string[]; readonly at: Readonly<Partial<Record<Field, number>>> };

const required = ["handle", "price"] as const satisfies readonly Field[];

/**
 * Finds the columns of a Shopify product export, whatever their order and case.
 *
 * @throws UnreadableFileError naming each column that is missing, or one that is there twice.
 */
export function findColumns(header: readonly string[]): Columns {
  const indexOf = new Map<string, number>();
  const repeated = new Set<string>();
  for (const [index, name] of header.entries()) {
    const key = name.trim().toLowerCase();
    if (indexOf.has(key)) repeated.add(key);
    else indexOf.set(key, index);
  }
  const at: Partial<Record<Field, number>> = {};
  for (const [field, known] of Object.entries(headings) as [Field, readonly string[]][]) {
    const name = known.find((candidate) => indexOf.has(candidate.toLowerCase()));
    if (name === undefined) continue;
    at[field] = indexOf.get(name.toLowerCase());
    if (repeated.has(name.toLowerCase()))
      throw new UnreadableFileError(
        `The column "${name}" is there twice, and it cannot be told which one counts. Take one out and upload it again.`,
      );
  }
  const missing = required.filter((field) => at[field] === undefined).map((field) => `"${headings[field][0]}"`);
  if (missing.length > 0)
    throw new UnreadableFileError(
      `The column${missing.length > 1 ? "s" : ""} ${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} missing. ` +
        "A product file needs the columns of Shopify's product export; the first line names them.",
    );
  return { names: distinct(header), at };
}

/** Headings that rows can be kept by: one that is missing goes by its place, and one that was there before gets a number. */
function distinct(header: readonly string[]): string[] {
  const names = new Set<string>();
  for (const [index, heading] of header.entries()) {
    const name = storable(heading.trim()) || `Column ${index + 1}`;
    let free = name;
    for (let number = 2; names.has(free); number++) free = `${name} (${number})`;
    names.add(free);
  }
  return [...names];
}

/** One row of the file, read by field. */
export type Row = { rowNumber: number; cells: readonly string[] };

/** What the row says, without blanks around it; empty where it says nothing; undefined where the file has no such column. */
export function cell(columns: Columns, row: Row, field: Field): string | undefined {
  const index = columns.at[field];
  return index === undefined ? undefined : (row.cells[index] ?? "").trim();
}

/** The heading under which the file has this field. */
export function headingOf(columns: Columns, field: Field): string {
  const index = columns.at[field];
  return (index === undefined ? undefined : columns.names[index]) ?? headings[field][0];
}

/**
 * The row as it was: by heading, without its empty cells. A row with a wrong number of cells is just its cells, since it
 * does not say which of them stand under which heading.
 */
export function rawRow({ names }: Columns, { cells }: Row): Record<string, string> | readonly string[] {
  if (cells.length !== names.length) return cells;
  return Object.fromEntries(names.flatMap((name, index) => (cells[index] ? [[name, cells[index]]] : [])));
}
