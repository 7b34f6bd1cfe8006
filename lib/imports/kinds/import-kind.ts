import type { Change as DescribedChange } from "@/lib/catalog/describe-changes";
import type { BulkTx } from "@/lib/db/bulk-transaction";
import type { ImportId } from "@/lib/ids";
import type { Currency } from "@/lib/money/money";
import type { Candidate } from "../candidate";
import type { Source } from "../source/open-source";
import type { Fields } from "../table/fields";
import type { Mapping } from "../table/mapping";

/** What a kind reads from. */
export type SourceText = Pick<Source, "format" | "encoding" | "text">;

export type ReadOptions = {
  /** Of amounts that do not say theirs. */
  currency: Currency;
  /** Rows up to this one are skipped: they are stored already. */
  after: number;
  /** The store's own, for times that do not say theirs; UTC where left out. */
  timeZone?: string;
  mapping?: Mapping;
  /** The rows are some of a file that was read before: that all of them lack something says nothing of the file. */
  isPart?: boolean;
  /** Hears the headings that the rows of a CSV file are kept by, before its first row. */
  onColumns?: (names: readonly string[]) => Promise<void>;
};

/** Something of an item that was not taken as it was given. `part` is what `Candidate.rowOf` knows the place of. */
export type AdjustedPart = { part: string; field: string; reason: string };

/** An item that was not saved, with the sentence that says why. */
export type Refusal = { outcome: "refused"; reason: string };

/** Something that was written, by the name that its kind gives it. `before` is what was there, as JSON; null for what is new. */
export type Change = { subject: string; before: unknown };

/** One that was kept, and when it was written. */
export type KeptChange = Change & { at: Date };

export type Saved = {
  outcome: "created" | "updated" | "unchanged";
  adjusted: AdjustedPart[];
  /** What has to be put back to undo it, in the order in which it was written. */
  changes?: readonly Change[];
  /** What is another than before; of what is only looked at. */
  describe?: () => DescribedChange[];
};

/** What would become of an item. Only some are described. */
export type Previewed = Saved & { describe: () => DescribedChange[] };

/**
 * What an import can be of: how its file is read into items, and how these are stored. Items are stored in the order of
 * the file, and one that comes again is met as the store has it by then.
 */
export type ImportKind<Item> = {
  /** For people: "Products". */
  title: string;
  /** One sentence on what such a file is. */
  about: string;
  /** What the rows of its tables may say. */
  fields: Fields;
  /** @throws UnreadableFileError for a file that is no such thing, and where it cannot be read any further */
  read(source: SourceText, options: ReadOptions): AsyncGenerator<Candidate<Item>>;
  /**
   * Stores items with a handful of statements for all of them; answers in their order. One that is refused does not hold
   * up the others; an error of the database does. May be repeated: where nothing changes nothing is written.
   */
  save(tx: BulkTx, items: readonly Item[], context: { now: Date; importId: ImportId }): Promise<(Saved | Refusal)[]>;
  /**
   * How many bytes `save` would read of what is there, for each item. For a kind of which a small item may replace a large
   * one: items are then saved a few at a time.
   */
  sizesBefore?(tx: BulkTx, items: readonly Item[]): Promise<number[]>;
  /** What `save` would answer, with nothing of it written. */
  preview(
    tx: BulkTx,
    items: readonly Item[],
    context: { now: Date; importId: ImportId },
  ): Promise<(Previewed | Refusal)[]>;
  /**
   * Puts back what `save` has written for this import, newest first, each subject once: what is as the import left it
   * becomes what it was. Answers for each null, or a sentence on why it was left: somebody has changed it since, or uses it.
   */
  undo(
    tx: BulkTx,
    changes: readonly KeptChange[],
    context: { now: Date; importId: ImportId },
  ): Promise<(string | null)[]>;
  /** What an item is called, where it is shown: by what tells it from others, and for people. */
  nameOf(item: Item): { handle: string; title: string };
};
