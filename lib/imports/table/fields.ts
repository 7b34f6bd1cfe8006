/** Something that a row of a table may say: what it is called here, and by which headings it is known in files. */
export type Field = {
  /** For people: "Order number". */
  label: string;
  /** In the order of preference, told apart from others without regard to case. */
  headings: readonly [string, ...string[]];
  /** The file cannot be read without it. */
  isRequired?: boolean;
  /** It may be the same for all rows, where the file does not say it: what has to be entered then. */
  fixed?: "date" | "text";
  /** It is no column, but always the same for all rows. */
  isForAll?: boolean;
  /** What it is for, where the label does not say it. */
  hint?: string;
};

/** What the rows of one kind of table may say. */
export type Fields<Name extends string = string> = Readonly<Record<Name, Field>>;
