import { expect, test } from "vitest";
import { progressMeter } from "@/lib/imports/progress-meter";

function watch(everyMs = 1000) {
  let nowMs = 0;
  const meter = progressMeter({ clock: () => new Date(nowMs), everyMs });
  return (atMs: number, rowsRead: number, bytesDone: number) => {
    nowMs = atMs;
    const counts = { created: rowsRead, updated: 0, unchanged: 0, refused: 0 };
    return meter({ phase: "reading", rowsRead, bytesDone, bytesTotal: 100_000, ...counts });
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

test("fetching and reading are reckoned apart, and a file of unknown size has no time left to tell", () => {
  let nowMs = 0;
  const meter = progressMeter({ clock: () => new Date(nowMs) });
  const at = (ms: number, phase: "fetching" | "reading", bytesDone: number, bytesTotal: number) => {
    nowMs = ms;
    return meter({ phase, bytesDone, bytesTotal, rowsRead: 0, created: 0, updated: 0, unchanged: 0, refused: 0 });
  };
  at(0, "fetching", 0, 0);

  expect(at(1_000, "fetching", 2_340_000, 0)).toMatchObject({
    status: "2.3 MB of the file are fetched.",
    progress: { done: 2_340, total: 0 },
    secondsLeft: null,
  });
  at(2_000, "reading", 0, 4_000_000);
  expect(at(4_000, "reading", 1_000_000, 4_000_000)).toMatchObject({ secondsLeft: 6 });
});
