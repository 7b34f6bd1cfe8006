const minuteMs = 60_000;

/** Long enough for a run with all its tries. */
const stalledAfterMs = 10 * minuteMs;
/** What could not be done for this long needs a person, not another try. */
const givenUpAfterMs = 3 * 24 * 60 * minuteMs;

/** The times since when something must have been waiting to be asked for again. */
export function stalledSince(now: Date): { lt: Date; gt: Date } {
  return { lt: new Date(now.getTime() - stalledAfterMs), gt: new Date(now.getTime() - givenUpAfterMs) };
}

/** Names the hour's one new try, for the key of its message: `2026-11-23T21`. */
export function tryName(now: Date): string {
  return now.toISOString().slice(0, 13);
}
