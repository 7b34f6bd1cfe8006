import { UnreadableFileError } from "../errors";

/**
 * Reads ahead until the pieces together have `enough`, and gives them back as `head`; `all` still yields everything
 * from the beginning, once. `isWhole` says that nothing follows the head.
 *
 * Where the file breaks within the head, `all` says so behind the pieces that came before.
 */
export async function peek<T>(
  source: AsyncIterable<T>,
  enough: number,
  sizeOf: (piece: T) => number,
): Promise<{ head: T[]; all: AsyncGenerator<T>; isWhole: boolean }> {
  const iterator = source[Symbol.asyncIterator]();
  const head: T[] = [];
  let isWhole = false;
  let failure: UnreadableFileError | undefined;
  try {
    for (let size = 0; size < enough && !isWhole; ) {
      const next = await iterator.next();
      if (next.done) isWhole = true;
      else {
        head.push(next.value);
        size += sizeOf(next.value);
      }
    }
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    failure = error;
  }
  return { head, all: resume(head, iterator, failure), isWhole };
}

async function* resume<T>(
  head: readonly T[],
  iterator: AsyncIterator<T>,
  failure: UnreadableFileError | undefined,
): AsyncGenerator<T> {
  try {
    yield* head;
    if (failure) throw failure;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}
