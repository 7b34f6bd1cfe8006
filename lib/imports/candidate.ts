/**
 * Something to tell of a row: that it was not taken (`refused`), not as it was given (`adjusted`), or that what it did was
 * not put back (`kept`).
 */
export type RowNote = {
  /** 1-based, the header line not counted. */
  rowNumber: number;
  severity: "refused" | "adjusted" | "kept";
  field?: string;
  /** One sentence for people. */
  reason: string;
  /** The row as it was read, so that it can be mended and given again. Only for refused rows. */
  rawRow?: unknown;
};

/** Consecutive rows of the source that say one thing, read and checked: what is stored or refused as a whole. */
export type Candidate<Item = unknown> = {
  /** The last row of the source that this covers: where an interrupted import goes on. */
  lastRow: number;
  /** About how many characters of the source it holds in memory. */
  lengthCharacters: number;
  /** Nothing when no row could be taken. */
  item?: Item;
  notes: RowNote[];
  /** The rows that `item` was made of: each is refused with its reason when that cannot be saved as a whole. */
  rows: { rowNumber: number; rawRow: () => unknown }[];
  /** Where a part of the item came from, by what its kind calls the part. Left out where all came from its first row. */
  rowOf?: ReadonlyMap<string, number>;
};

/** A piece of somebody's text, short enough to be part of a sentence. */
export function quote(text: string): string {
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}
