import type { ImportProgress } from "./run-import";
import type { ImportCounts } from "./save-chunk";

/** An import as people watch it. `progress` is in kB of the file, since its rows are not counted ahead. */
export type ImportMeter = {
  status: string;
  progress: { done: number; total: number; unit: "kB" | "changes" };
  counts: ImportCounts;
  rows: number;
  rowsPerSecond: number;
  /** Null until there is something to reckon with. */
  secondsLeft: number | null;
};

/**
 * Turns what a run reports into what is shown, at most once every `everyMs`: undefined for what is not worth showing.
 * The rate is that of this run, so rows stored before an interruption do not count for it.
 */
export function progressMeter({
  clock,
  everyMs = 1000,
}: {
  clock: () => Date;
  everyMs?: number;
}): (at: ImportProgress) => ImportMeter | undefined {
  let start: { at: ImportProgress; timeMs: number } | undefined;
  let toldMs = Number.NEGATIVE_INFINITY;
  return (at) => {
    const nowMs = clock().getTime();
    if (start?.at.phase !== at.phase) start = { at, timeMs: nowMs };
    if (nowMs - toldMs < everyMs) return undefined;
    toldMs = nowMs;
    const seconds = (nowMs - start.timeMs) / 1000;
    const rate = (now: number, then: number) => (seconds > 0 ? (now - then) / seconds : 0);
    const bytesPerSecond = rate(at.bytesDone, start.at.bytesDone);
    const isUndoing = at.phase === "undoing";
    const shown = (count: number) => (isUndoing ? count : Math.ceil(count / 1000));
    const { rowsRead: rows, created, updated, unchanged, refused } = at;
    const isKnown = at.bytesTotal > 0 && bytesPerSecond > 0;
    return {
      status: statusOf(at),
      progress: { done: shown(at.bytesDone), total: shown(at.bytesTotal), unit: isUndoing ? "changes" : "kB" },
      counts: { created, updated, unchanged, refused },
      rows,
      rowsPerSecond: Math.round(rate(rows, start.at.rowsRead)),
      secondsLeft: isKnown ? Math.ceil((at.bytesTotal - at.bytesDone) / bytesPerSecond) : null,
    };
  };
}

function statusOf({ phase, rowsRead, bytesDone }: ImportProgress): string {
  if (phase === "undoing") return `Putting back: ${bytesDone.toLocaleString("en-IE")} done.`;
  if (phase === "fetching") return `${(bytesDone / 1e6).toFixed(1)} MB of the file are fetched.`;
  return rowsRead === 0 ? "Opening the file." : `${rowsRead.toLocaleString("en-IE")} rows are read.`;
}
