import { setTimeout as sleep } from "node:timers/promises";

/**
 * Keeps work to so many rows a second: called after each portion it waits until as much time has gone by as its rows may
 * take. 0 is without limit. What a slow portion has lost is not caught up on, since it is bursts that disturb others.
 */
export function pacer(rowsPerSecond: number): (rows: number) => Promise<void> {
  let begunMs = performance.now();
  return async (rows) => {
    if (rowsPerSecond === 0) return;
    const nowMs = performance.now();
    const dueMs = begunMs + (rows / rowsPerSecond) * 1_000;
    if (dueMs > nowMs) await sleep(dueMs - nowMs);
    begunMs = Math.max(dueMs, nowMs);
  };
}
