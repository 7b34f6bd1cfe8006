import { z } from "zod";

/** What an import would do with one item. */
export const ImportSample = z.object({
  /** The first row of the file that speaks of it. */
  rowNumber: z.int(),
  /** What tells it from others. */
  handle: z.string(),
  outcome: z.enum(["created", "updated"]),
  title: z.string(),
  changes: z.array(z.object({ what: z.string(), from: z.string(), to: z.string() })),
  /** How many changes are not shown. */
  more: z.int(),
});

export type ImportSample = z.infer<typeof ImportSample>;

/** How many items are shown of those that would be created, and of those that would be updated. */
export const samplesMax = 20;
/** How much of one is shown. */
export const changesMax = 6;
