/**
 * The same items, of which up to `depth` are made while somebody still works on an earlier one. An error of the source
 * comes after the items before it, as without.
 */
export async function* readAhead<Item>(source: AsyncGenerator<Item>, depth: number): AsyncGenerator<Item> {
  const ready: Item[] = [];
  let wake = () => {};
  let isOver = false;
  let isLeft = false;
  const turn = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const pump = (async () => {
    try {
      for await (const item of source) {
        ready.push(item);
        wake();
        while (ready.length >= depth && !isLeft) await turn();
        if (isLeft) return;
      }
    } finally {
      isOver = true;
      wake();
    }
  })();
  // Its error is thrown below, once the items before it are used.
  pump.catch(() => {});
  try {
    for (;;) {
      const item = ready.shift();
      if (item !== undefined) {
        wake();
        yield item;
      } else if (isOver) break;
      else await turn();
    }
    await pump;
  } finally {
    isLeft = true;
    wake();
    await pump.catch(() => {});
  }
}
