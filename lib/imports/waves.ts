/** Cuts a list where something comes again, so that what was said of it before is stored first. */
export function wavesBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] {
  const waves: Item[][] = [];
  let keys = new Set<string>();
  for (const item of items) {
    const wave = waves.at(-1);
    if (!wave || keys.has(keyOf(item))) {
      waves.push([item]);
      keys = new Set();
    } else wave.push(item);
    keys.add(keyOf(item));
  }
  return waves;
}
