import { expect, test } from "vitest";
import { timelineOf } from "@/local/trigger/engine/run-timeline";
import type { Snapshot } from "@/local/trigger/engine/snapshots";

/** Snapshots a second apart: state and attempt. */
function lived(...states: [Snapshot["execution_status"], number][]): Snapshot[] {
  return states.map(([execution_status, attempt_number], second) => ({
    id: `s${second}`,
    run_id: "r",
    execution_status,
    run_status: "EXECUTING",
    description: "",
    attempt_number,
    previous_id: null,
    completed_waitpoints: [],
    created_at: new Date(second * 1_000),
  }));
}

const told = (...states: [Snapshot["execution_status"], number][]) =>
  timelineOf(lived(...states)).map((row) => [
    row.label,
    ...row.segments.map((one) => `${one.phase} ${one.from / 1_000}-${one.to === undefined ? "" : one.to / 1_000}`),
  ]);

test("a run that waits once has its wait inside its attempt", () => {
  expect(
    told(
      ["QUEUED", 0],
      ["PENDING_EXECUTING", 0],
      ["EXECUTING", 1],
      ["EXECUTING_WITH_WAITPOINTS", 1],
      ["EXECUTING", 1],
      ["FINISHED", 1],
    ),
  ).toEqual([
    ["Queue", "queued 0-1", "starting 1-2"],
    ["Attempt 1", "working 2-3", "waiting 3-4", "working 4-5"],
  ]);
});

test("a retry in the same worker shows the pause between the attempts", () => {
  expect(
    told(
      ["QUEUED", 0],
      ["PENDING_EXECUTING", 0],
      ["EXECUTING", 1],
      ["EXECUTING", 1],
      ["EXECUTING", 2],
      ["FINISHED", 2],
    ),
  ).toEqual([
    ["Queue", "queued 0-1", "starting 1-2"],
    ["Attempt 1", "working 2-3"],
    ["Pause before attempt 2", "pausing 3-4"],
    ["Attempt 2", "working 4-5"],
  ]);
});

test("a retry through the queue shows the time there as a pause", () => {
  expect(told(["EXECUTING", 1], ["QUEUED", 1], ["PENDING_EXECUTING", 1], ["EXECUTING", 2])).toEqual([
    ["Attempt 1", "working 0-1"],
    ["Pause before attempt 2", "pausing 1-2", "starting 2-3"],
    ["Attempt 2", "working 3-"],
  ]);
});

test("a delayed run that is cancelled was only ever delayed", () => {
  expect(told(["DELAYED", 0], ["FINISHED", 0])).toEqual([["Delay", "delayed 0-1"]]);
});

test("a run that is being cancelled shows it in its attempt", () => {
  expect(told(["EXECUTING", 1], ["PENDING_CANCEL", 1], ["FINISHED", 1])).toEqual([
    ["Attempt 1", "working 0-1", "cancelling 1-2"],
  ]);
});
