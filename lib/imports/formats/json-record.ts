/** One record of a JSON file: its value, or why it has none and the beginning of what stands there instead. */
export type JsonRecord = {
  /** Characters of the file that it takes, about. */
  length: number;
} & ({ value: unknown } | { problem: string; line: string });

/** Characters one record may take: more than the largest product, far less than memory. */
export const recordLengthMax = 4 * 1024 * 1024;

/** Levels of lists and objects in each other. A product has four; a refused record must still be kept by Postgres. */
export const levelsMax = 100;
