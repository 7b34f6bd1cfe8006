import { TemporaryError } from "@/lib/errors";

/**
 * Lets so many pieces of work be under way at a time; the others wait outside, first come, first served. Who would wait
 * longer than `waitMaxMs` is sent away, so that the line cannot grow without end: with a TemporaryError, before its work
 * has begun.
 */
export function takeTurns({ atOnce, waitMaxMs }: { atOnce: number; waitMaxMs: number }) {
  const line = new Set<() => void>(); // in the order in which they came
  let inside = 0;

  async function enter(): Promise<void> {
    if (inside < atOnce) {
      inside += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        line.delete(come);
        reject(new TemporaryError({ vendor: "postgres", message: `Waited ${waitMaxMs} ms for a turn` }));
      }, waitMaxMs);
      const come = () => {
        clearTimeout(timer);
        resolve();
      };
      line.add(come);
    });
  }

  /** The place goes to the next one directly, so that nobody who comes just now is faster. */
  function leave(): void {
    const [next] = line;
    if (!next) {
      inside -= 1;
      return;
    }
    line.delete(next);
    next();
  }

  return async <T>(work: () => Promise<T>): Promise<T> => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
