const EVERY_MS = 60;

async function until(what: string, timeoutMs: number, check: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`${what} within ${timeoutMs / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

/** Resolves when `url` answers at all, whatever it says. */
export function answers(url: string, timeoutMs = 120_000): Promise<void> {
  return until(`${url} did not answer`, timeoutMs, async () => {
    try {
      const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(timeoutMs) });
      await response.body?.cancel();
      return true;
    } catch {
      return false;
    }
  });
}

/** Resolves when the log holds `pattern`; fails at once when it holds `failure`. */
export function logs(log: () => string, pattern: RegExp, failure?: RegExp, timeoutMs = 180_000): Promise<void> {
  return until("It did not report that it was ready", timeoutMs, async () => {
    const text = log();
    if (failure?.test(text)) throw new Error("It reported an error.");
    return pattern.test(text);
  });
}
