/**
 * Reads ahead until the pieces together have `enough`, and gives them back as `head`; `all` still yields everything
 * from the beginning, once.
 */
export async function peek<T>(
  source: AsyncIterable<T>,
  enough: number,
  sizeOf: (piece: T) => number,
): Promise<{ head: T[]; all: AsyncGenerator<T> }> {
  const iterator = source[Symbol.asyncIterator]();
  const head: T[] = [];
  for (let size = 0; size < enough; ) {
    const next = await iterator.next();
    if (next.done) break;
    head.push(next.value);
    size += sizeOf(next.value);
  }
  return { head, all: resume(head, iterator) };
}

async function* resume<T>(head: readonly T[], iterator: AsyncIterator<T>): AsyncGenerator<T> {
  try {
    yield* head;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}
