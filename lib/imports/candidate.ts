import type { ProductInput } from "@/lib/catalog/product-input";

/** Something to tell of a row: that it was not taken (`refused`), or not as it was given (`adjusted`). */
export type RowNote = {
  /** 1-based, the header line not counted. */
  rowNumber: number;
  severity: "refused" | "adjusted";
  field?: string;
  /** One sentence for people. */
  reason: string;
  /** The row as it was read, so that it can be mended and given again. Only for refused rows. */
  rawRow?: unknown;
};

/** Consecutive rows of the source that say one thing, read and checked: what is stored or refused as a whole. */
export type Candidate = {
  /** The last row of the source that this covers: where an interrupted import goes on. */
  lastRow: number;
  /** About how many characters of the source it holds in memory. */
  lengthCharacters: number;
  /** Nothing when no row could be taken. */
  product?: ProductInput;
  notes: RowNote[];
  /** The rows that `product` was made of: each is refused with its reason when the product as a whole cannot be saved. */
  rows: { rowNumber: number; rawRow: () => unknown }[];
  /** Where a variant came from, by its option values as JSON. */
  rowOfVariant: Map<string, number>;
};

/** A piece of somebody's text, short enough to be part of a sentence. */
export function quote(text: string): string {
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}
