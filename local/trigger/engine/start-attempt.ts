import type { Server } from "./context";
import { Refusal } from "./refusal";
import { attemptsMax } from "./retry";
import { lockRun, type Run } from "./run";
import { attemptCreated, type Snapshot, transition } from "./snapshots";
import { clearTimers, setTimer } from "./timers";

/** Begins an attempt. The caller names the snapshot it knows; only the newest one can be started. */
export async function startAttempt(
  server: Server,
  runId: string,
  snapshotId: string,
): Promise<{ run: Run; snapshot: Snapshot }> {
  return server.db.transaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (!run) throw new Refusal(404, "Run not found");
    if (run.execution_status === "FINISHED") throw new Refusal(400, "Run is already finished");
    if (run.snapshot_id !== snapshotId) throw new Refusal(409, "Snapshot is not the latest one of this run");
    if (run.execution_status !== "PENDING_EXECUTING" && run.execution_status !== "EXECUTING") {
      throw new Refusal(400, `A run can not start an attempt while it is ${run.execution_status}`);
    }
    if (run.attempt_number >= attemptsMax) throw new Refusal(400, `A run can have at most ${attemptsMax} attempts`);
    const now = new Date();
    await clearTimers(tx, runId, ["ttl"]);
    // Until the first heartbeat or the worker's socket says more.
    await setTimer(tx, "stalled", runId, new Date(now.getTime() + server.settings.pendingStallMs));
    return transition(tx, run, {
      to: "EXECUTING",
      description: attemptCreated,
      changes: {
        status: "EXECUTING",
        attempt_number: run.attempt_number + 1,
        executed_at: run.executed_at ?? now,
        attempt_started_at: now,
      },
    });
  });
}
