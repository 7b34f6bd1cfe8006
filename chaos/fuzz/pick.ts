import type { Random } from "../random";

/** One of them. */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  if (items.length === 0) throw new Error("There is nothing to pick from.");
  return items[random.between(0, items.length - 1)] as Item; // which may be undefined, where that is an item
}

/** True in so many of a hundred cases. */
export function chance(random: Random, percent: number): boolean {
  return random.next() * 100 < percent;
}
