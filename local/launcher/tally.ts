/** How many tests there were. A check that is no test, like the format, counts where it failed. */
export type Tally = {
  passed: number;
  failed: number;
  skipped: number;
  /** By name: what failed, and what passed only when it was run again. */
  failures: string[];
  flaky: string[];
};

export function emptyTally(): Tally {
  return { passed: 0, failed: 0, skipped: 0, failures: [], flaky: [] };
}

export function addTallies(a: Tally, b: Tally): Tally {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    failures: [...a.failures, ...b.failures],
    flaky: [...a.flaky, ...b.flaky],
  };
}

/** Of the same tests, some of which were run again: what counts is how they went then, and that is said. */
export function afterRerun(first: Tally, stillFailing: string[]): Tally {
  const failed = stillFailing.length;
  const flaky = first.failures.filter((name) => !stillFailing.includes(name));
  return { ...first, passed: first.passed + first.failed - failed, failed, failures: stillFailing, flaky };
}

/** The closing lines, of which the last is `N passed, N failed`. */
export function printTally({ passed, failed, skipped, failures, flaky }: Tally): void {
  console.log();
  for (const name of failures) console.log(`failed: ${name}`);
  for (const name of flaky) console.log(`passed only when run again: ${name}`);
  if (skipped > 0) console.log(`${skipped} skipped`);
  console.log(`${passed} passed, ${failed} failed`);
}
