import type { ImportType } from "@/lib/imports/import-type";

/** A row that must be refused, by its number (the header line not counted), with the field and the sentence that says why. */
export type BadRow = { rowNumber: number; kind: string; field: string | null; reason: RegExp };

/** A way in which something of a file can be bad. */
export type BadWay = { field: string | null; reason: RegExp };

/** What must come of a file, reckoned while it is made and by nothing of the store's. */
export type Expected = {
  bad: BadRow[];
  counts: { created: number; updated: number; unchanged: number };
  /** All that the store then says of the kind: by what tells one from others, in the words of `readStore`. */
  store: ReadonlyMap<string, string>;
};

export type MadeFile = {
  type: ImportType;
  /** What is imported first, so that there is something to be changed. */
  before: { type: ImportType; text: string };
  text: string;
  rows: number;
  expected: Expected;
};

/** About so many rows of a file are bad. */
export const badShare = 0.01;

/** Reckons row by row what a file must make of a store. */
export class Reckoning implements Expected {
  readonly bad: BadRow[] = [];
  readonly counts = { created: 0, updated: 0, unchanged: 0 };
  readonly store = new Map<string, string>();

  /** Something that one item of the file says. */
  take(key: string, value: string): void {
    const was = this.store.get(key);
    this.counts[was === undefined ? "created" : was === value ? "unchanged" : "updated"] += 1;
    this.store.set(key, value);
  }

  refuse(rowNumber: number, [kind, { field, reason }]: readonly [string, BadWay]): void {
    this.bad.push({ rowNumber, kind, field, reason });
  }
}

/** The ways of being bad in turn. */
export function wayOf<Way extends BadWay>(ways: Record<string, Way>, turn: number): readonly [string, Way] {
  const entries = Object.entries(ways);
  return entries[turn % entries.length] as [string, Way];
}

/** A line of CSV. */
export function csvLine(cells: readonly string[]): string {
  return cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",");
}

export function csvText(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
