/**
 * Does something with items of which none may come twice in one call: those that come for the first time together, then
 * those that come for the second, and so on, so there are as many calls as the most frequent one comes. Answers in the
 * order of the items. For items that have nothing to do with each other unless their keys are the same.
 */
export async function inRounds<Item, Result>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  work: (round: readonly Item[]) => Promise<Result[]>,
): Promise<Result[]> {
  const rounds: number[][] = [];
  const timesSeen = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const times = timesSeen.get(keyOf(item)) ?? 0;
    timesSeen.set(keyOf(item), times + 1);
    const round = rounds[times];
    if (round) round.push(index);
    else rounds.push([index]);
  }
  const results = new Map<number, Result>();
  for (const round of rounds) {
    const done = await work(round.map((index) => items[index] as Item));
    for (const [position, index] of round.entries()) results.set(index, done[position] as Result);
  }
  return items.map((_, index) => results.get(index) as Result);
}
