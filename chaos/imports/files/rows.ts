import type { Random } from "../../random";
import { type BadWay, badShare, type Reckoning, wayOf } from "./made-file";

/** A row that goes in, and what the store says of it then. */
export type GoodRow = { line: string; key: string; value: string };

export type BadLine = BadWay & { line: (name: string) => string };

/** One in so many rows is of something that came before. */
const againEvery = 10;

/** The rows of a file in which each is an item of its own; some come again, some are bad in one of these ways in turn. */
export function makeRows(options: {
  rowsWanted: number;
  random: Random;
  reckoning: Reckoning;
  /** `name` tells it from others. */
  goodRow: (name: number) => GoodRow;
  badLines: Record<string, BadLine>;
}): string[] {
  const { rowsWanted, random, reckoning, goodRow, badLines } = options;
  return Array.from({ length: rowsWanted }, (_, index) => {
    if (index > 0 && random.next() < badShare) {
      const way = wayOf(badLines, reckoning.bad.length);
      reckoning.refuse(index + 1, way);
      return way[1].line(String(index));
    }
    const isAgain = index > 0 && random.between(1, againEvery) === 1;
    const { line, key, value } = goodRow(isAgain ? random.between(0, index - 1) : index);
    reckoning.take(key, value);
    return line;
  });
}
