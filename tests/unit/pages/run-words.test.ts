import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { durationText, readProgress, runStatuses, runWords, taskNames, upkeepTasks } from "@/components/run-words";

describe("a run's light", () => {
  it.each([
    ["EXECUTING", "running"],
    ["QUEUED", "waiting"],
    ["COMPLETED", "good"],
    ["FAILED", "stopped"],
    ["CANCELED", "stopped"],
  ])("of %s is %s", (status, tone) => {
    expect(runWords(status).tone).toBe(tone);
    expect(runStatuses).toContain(status);
  });

  it("of a status nobody knows yet waits, under the platform's own word", () => {
    expect(runWords("LEVITATING")).toEqual({ tone: "waiting", text: "LEVITATING" });
  });
});

describe("what a task says about itself", () => {
  it("is its sentence, its progress and its counts", () => {
    const metadata = {
      status: "Saving products.",
      progress: { done: 120, total: 400, unit: "rows" },
      counts: { created: 7, refused: 1 },
    };

    expect(readProgress(metadata)).toEqual({
      sentence: "Saving products.",
      progress: { done: 120, total: 400, unit: "rows" },
      counts: [
        ["created", 7],
        ["refused", 1],
      ],
    });
  });

  it("is left out where it is missing or odd", () => {
    const nothing = { sentence: undefined, progress: undefined, counts: [] };

    for (const odd of [undefined, null, 7, "x", [], { status: 1, progress: "half", counts: [1] }])
      expect(readProgress(odd)).toEqual(nothing);
    expect(readProgress({ progress: { done: 3, total: 0 } }).progress).toEqual({ done: 3, total: undefined, unit: "" });
  });
});

describe("a duration", () => {
  it("is written the way it is said", () => {
    expect([-5, 480.4, 1_000, 12_440, 200_000].map(durationText)).toEqual([
      "0 ms",
      "480 ms",
      "1.0 s",
      "12.4 s",
      "3 min 20 s",
    ]);
  });
});

describe("the list of runs", () => {
  const ids = (folder: string) =>
    readdirSync(`trigger/${folder}`).map(
      (file) => /^ {2}id: "(.+)",$/m.exec(readFileSync(`trigger/${folder}/${file}`, "utf8"))?.[1],
    );

  it("has a name for each task of the store, so that each can be chosen", () => {
    const folders = readdirSync("trigger", { withFileTypes: true }).filter((entry) => entry.isDirectory());

    expect(folders.flatMap(({ name }) => ids(name)).sort()).toEqual(Object.keys(taskNames).sort());
  });

  it("keeps the sweeps apart from the work", () => {
    expect([...upkeepTasks].sort()).toEqual(ids("upkeep").sort());
  });
});
