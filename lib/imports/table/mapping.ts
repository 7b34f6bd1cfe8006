import { z } from "zod";

const name = z.string().max(100);

/** What staff decided about the columns of a file: which of them each field stands in, and what all rows have in common. */
export const Mapping = z.object({
  /** Heading by field; an empty one says that the field is not read. A field that is not named is found by its heading. */
  columns: z.record(name, z.string().max(1_000)).default({}),
  /** What all rows say, by field. */
  values: z.record(name, z.string().max(1_000)).default({}),
});

export type Mapping = z.output<typeof Mapping>;

export const noMapping: Mapping = { columns: {}, values: {} };
