import { expect, test } from "vitest";
import { progressMeter } from "@/lib/imports/progress-meter";

function watch(everyMs = 1000) {
  let nowMs = 0;
  const meter = progressMeter({ clock: () => new Date(nowMs), everyMs });
  return (atMs: number, rowsRead: number, bytesDone: number) => {
    nowMs = atMs;
    return meter({ rowsRead, bytesDone, bytesTotal: 100_000, created: rowsRead, updated: 0, unchanged: 0, refused: 0 });
  };
}

test("progress is told at most once a second, the first at once", () => {
  const at = watch();

  const told = [0, 200, 999, 1000, 1500, 2100].map((ms) => at(ms, ms, ms) !== undefined);

  expect(told).toEqual([true, false, false, true, false, true]);
});

test("rate and time left are those of this run", () => {
  const at = watch();
  at(0, 5_000, 50_000);

  expect(at(2_000, 7_000, 60_000)).toMatchObject({
    rows: 7_000,
    rowsPerSecond: 1_000,
    secondsLeft: 8,
    progress: { done: 60, total: 100, unit: "kB" },
  });
});

test("before anything is known there is no time left to tell", () => {
  const at = watch();

  expect(at(0, 0, 0)).toMatchObject({ rowsPerSecond: 0, secondsLeft: null, status: "Opening the file." });
});
