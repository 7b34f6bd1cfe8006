// A process that does nothing but run imports, as a worker's does, and tells what each took. It is asked for one after the
// other by its parent.

import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { ImportId } from "@/lib/ids";
import { type ImportResult, runImport } from "@/lib/imports/run-import";

export type Measured = {
  result: ImportResult;
  seconds: number;
  cpuMs: number;
  /** How much larger the process was at its largest than while it was idle before, in MB. */
  growthMb: number;
  /** By how much the event loop was late. */
  lagMs: { p99: number; max: number };
};

/** What is left to clear away of what came before is cleared away by then. */
const idleMs = 2_000;
const sampleMs = 100;

async function measure(importId: ImportId): Promise<Measured> {
  await sleep(idleMs);
  const idle = process.memoryUsage.rss();
  let most = idle;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, sampleMs);
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const result = await runImport({ importId, runId: "bench", clock: () => new Date() });
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  lag.disable();
  clearInterval(timer);
  return {
    result,
    seconds,
    cpuMs: (user + system) / 1_000,
    growthMb: (most - idle) / 1e6,
    lagMs: { p99: lag.percentile(99) / 1e6, max: lag.max / 1e6 },
  };
}

process.on("message", (importId: ImportId) => {
  void measure(importId).then((measured) => process.send?.(measured));
});
process.on("disconnect", () => process.exit());
