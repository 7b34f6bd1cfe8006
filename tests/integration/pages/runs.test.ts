import { describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { NotAllowedError } from "@/lib/accounts/errors";
import { db } from "@/lib/db/client";
import { cancelRun } from "@/lib/runs/cancel-run";
import { RunsUnavailableError } from "@/lib/runs/errors";
import { getRun } from "@/lib/runs/get-run";
import { listRuns } from "@/lib/runs/list-runs";
import { replayRun } from "@/lib/runs/replay-run";
import { RunId } from "@/lib/runs/schema";

const now = new Date("2026-11-23T10:00:00Z");
const runId = "run_cmwtspsxmac2gliio11avnyu7";
const grace: Actor = { kind: "staff", userId: "user_grace", role: "staff", email: "grace@shopfloor.example" };
const nobody: Actor[] = [{ kind: "shopper" }, { kind: "system" }];

describe("runs are for staff", () => {
  it.each(nobody)("and not for $kind, whichever way they are asked for", async (actor) => {
    await expect(listRuns({ actor })).rejects.toBeInstanceOf(NotAllowedError);
    await expect(getRun({ actor, runId })).rejects.toBeInstanceOf(NotAllowedError);
    await expect(cancelRun({ actor, runId, now })).rejects.toBeInstanceOf(NotAllowedError);
    await expect(replayRun({ actor, runId, now })).rejects.toBeInstanceOf(NotAllowedError);
  });
});

describe("when the task platform does not answer", () => {
  it("that is said as such, to whoever lists or looks", async () => {
    await expect(listRuns({ actor: grace })).rejects.toBeInstanceOf(RunsUnavailableError);
    await expect(getRun({ actor: grace, runId })).rejects.toBeInstanceOf(RunsUnavailableError);
  });

  it("nothing is noted as done", async () => {
    await expect(cancelRun({ actor: grace, runId, now })).rejects.toBeInstanceOf(RunsUnavailableError);
    await expect(replayRun({ actor: grace, runId, now })).rejects.toBeInstanceOf(RunsUnavailableError);

    expect(await db().auditEntry.count()).toBe(0);
  });
});

describe("a run's id", () => {
  it("is one as the platform makes them, and nothing that could lead elsewhere", () => {
    expect(RunId.safeParse(runId).success).toBe(true);
    for (const odd of ["", "run_", "../secrets", "run_a/../b", "run_a?x=1", `run_${"a".repeat(200)}`])
      expect(RunId.safeParse(odd).success, odd).toBe(false);
  });
});
