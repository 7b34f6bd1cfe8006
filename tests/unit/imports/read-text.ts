import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import type { ProductInput } from "@/lib/catalog/product-input";
import type { Candidate } from "@/lib/imports/candidate";
import type { ImportKind } from "@/lib/imports/kinds/import-kind";
import { productsKind } from "@/lib/imports/products/products-kind";
import { readCandidates } from "@/lib/imports/read-candidates";
import { readSource } from "@/lib/imports/source/open-source";
import type { Mapping } from "@/lib/imports/table/mapping";

/** The pieces of `bytes` in the sizes a network might deliver them. */
function pieces(bytes: Buffer, size: number): Buffer[] {
  const all: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) all.push(bytes.subarray(at, at + size));
  return all;
}

type Options = {
  fileName?: string;
  pieceSize?: number;
  after?: number;
  gzip?: boolean;
  currency?: "EUR" | "JPY" | "KWD";
  timeZone?: string;
  mapping?: Mapping;
};

/** What the readers make of a file of products, from its bytes to candidates. */
export function readFile(content: string | Buffer, options: Options = {}): Promise<Candidate<ProductInput>[]> {
  return readAs(productsKind, content, options);
}

/** What a kind's readers make of a file, from its bytes to candidates. */
export async function readAs<Item>(
  kind: ImportKind<Item>,
  content: string | Buffer,
  { fileName = "file.csv", pieceSize = 64 * 1024, after = 0, gzip = false, currency = "EUR", ...options }: Options = {},
): Promise<Candidate<Item>[]> {
  const plain = Buffer.from(content as string);
  const bytes = gzip ? gzipSync(plain) : plain;
  const stream = Readable.from(pieces(bytes, pieceSize));
  const source = await readSource({ stream, bytesTotal: bytes.length, fileName });
  const found: Candidate<Item>[] = [];
  for await (const candidate of readCandidates(kind, source, { ...options, currency, after })) found.push(candidate);
  return found;
}

/** Every note of every candidate. */
export const notesOf = (candidates: readonly Candidate[]) =>
  candidates.flatMap((candidate) => candidate.notes.map(({ rawRow, ...note }) => note));

/** A Shopify export of these rows; cells that a row does not name are empty. */
export function shopifyCsv(rows: readonly Record<string, string>[], header = shopifyHeader): string {
  const cell = (value: string) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const lines = rows.map((row) => header.map((name) => cell(row[name] ?? "")).join(","));
  return [header.join(","), ...lines, ""].join("\n");
}

export const shopifyHeader = [
  "Handle",
  "Title",
  "Body (HTML)",
  "Vendor",
  "Type",
  "Tags",
  "Published",
  "Option1 Name",
  "Option1 Value",
  "Option2 Name",
  "Option2 Value",
  "Option3 Name",
  "Option3 Value",
  "Variant SKU",
  "Variant Grams",
  "Variant Inventory Tracker",
  "Variant Inventory Qty",
  "Variant Inventory Policy",
  "Variant Price",
  "Variant Compare At Price",
  "Variant Barcode",
  "Image Src",
  "Image Alt Text",
  "Status",
];

export const mug = {
  Handle: "blue-mug",
  Title: "Blue mug",
  Published: "true",
  "Option1 Name": "Title",
  "Option1 Value": "Default Title",
  "Variant Inventory Tracker": "shopify",
  "Variant Inventory Qty": "4",
  "Variant Price": "12.00",
};

export const apronS = {
  Handle: "apron",
  Title: "Bench apron",
  "Option1 Name": "Size",
  "Option1 Value": "S",
  "Variant Inventory Tracker": "shopify",
  "Variant Inventory Qty": "1",
  "Variant Price": "49.00",
};
export const apronM = { Handle: "apron", "Option1 Value": "M", "Variant Price": "49.00" };
