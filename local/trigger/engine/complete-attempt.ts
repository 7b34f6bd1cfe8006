import { sanitizeError, taskRunErrorEnhancer } from "@trigger.dev/core/v3/errors";
import type { TaskRunExecutionResult } from "@trigger.dev/core/v3/schemas";
import type { z } from "zod";
import type { Tx } from "../db/database";
import { notifyWorker } from "../db/notify";
import type { Server } from "./context";
import { finishRun } from "./finish-run";
import { applyFlushedMetadata } from "./metadata";
import { Refusal } from "./refusal";
import { requeueRun } from "./requeue-run";
import { decideRetry, type FailedAttempt } from "./retry";
import { lockRun, type Run, updateRun } from "./run";
import { type Snapshot, transition } from "./snapshots";
import { statusForError } from "./status";
import type { TaskRetry } from "./tasks";

export type Completion = z.infer<typeof TaskRunExecutionResult>;

export type CompletedAttempt = {
  attemptStatus: "RUN_FINISHED" | "RUN_PENDING_CANCEL" | "RETRY_QUEUED" | "RETRY_IMMEDIATELY";
  run: Run;
  snapshot: Snapshot;
};

/** A process may also end while its run waits. */
export const completable: ReadonlySet<Run["execution_status"]> = new Set([
  "EXECUTING",
  "EXECUTING_WITH_WAITPOINTS",
  "PENDING_CANCEL",
]);

/** Ends the current attempt: the run finishes, or is tried again as the task's settings say. Late messages are refused. */
export async function completeAttempt(
  server: Server,
  runId: string,
  snapshotId: string,
  completion: Completion,
): Promise<CompletedAttempt> {
  return server.db.transaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (!run) throw new Refusal(404, "Run not found");
    if (run.execution_status === "FINISHED") throw new Refusal(400, "Run is already finished");
    if (run.snapshot_id !== snapshotId) throw new Refusal(400, "Snapshot is not the latest one of this run");
    if (!completable.has(run.execution_status)) {
      throw new Refusal(400, `A run can not complete an attempt while it is ${run.execution_status}`);
    }
    return completeLocked(tx, run, completion);
  });
}

/** The same for a run whose lock is held and whose attempt is the caller's to end. */
export async function completeLocked(tx: Tx, run: Run, completion: Completion): Promise<CompletedAttempt> {
  if (completion.flushedMetadata) await applyFlushedMetadata(tx, run, completion.flushedMetadata);
  const measured = await measure(tx, run, completion);
  if (run.execution_status === "PENDING_CANCEL") return cancelled(tx, measured);
  if (completion.ok) {
    return finished(tx, measured, "Task completed successfully", {
      status: "COMPLETED_SUCCESSFULLY",
      output: completion.output ?? null,
      output_type: completion.outputType,
    });
  }
  return failAttempt(tx, measured, { error: sanitizeError(completion.error), retry: completion.retry });
}

/** How long the attempt took by its own count; unknown when its process died. */
async function measure(tx: Tx, run: Run, { usage }: Completion): Promise<Run> {
  if (!usage) return run;
  return updateRun(tx, run.id, { usage_duration_ms: run.usage_duration_ms + Math.round(usage.durationMs) });
}

async function finished(
  tx: Tx,
  run: Run,
  description: string,
  changes: Partial<Run> & Pick<Run, "status">,
): Promise<CompletedAttempt> {
  return { attemptStatus: "RUN_FINISHED", ...(await finishRun(tx, run, { description, changes })) };
}

function cancelled(tx: Tx, run: Run): Promise<CompletedAttempt> {
  return finished(tx, run, "Run was cancelled, not finished", { status: "CANCELED" });
}

const retriedInPlace = "Attempt failed with a short delay, starting a new attempt";

/** Whether the run's attempt has failed already, and only the next one is missing. */
export async function isToBeRetried(tx: Tx, run: Run): Promise<boolean> {
  const [snapshot] = await tx.query("select 1 from snapshot where id = $1 and description = $2", [
    run.snapshot_id,
    retriedInPlace,
  ]);
  return snapshot !== undefined;
}

/** Also used for attempts whose worker is gone: those have no one to sleep for them, and always go back to the queue. */
export async function failAttempt(tx: Tx, run: Run, failed: FailedAttempt): Promise<CompletedAttempt> {
  const [task] = await tx.query<{ retry: TaskRetry | null }>(
    "select retry from worker_task where worker_id = $1 and task_id = $2",
    [run.worker_id, run.task_id],
  );
  // "exited with signal SIGKILL" means out of memory, and the like.
  const error = taskRunErrorEnhancer(failed.error);
  const decision = decideRetry(run, { ...failed, error }, task?.retry ?? null);
  switch (decision.action) {
    case "fail":
      return finished(tx, run, "Run failed", { status: statusForError(error), error: failed.error });
    case "requeue": {
      const changes = decision.machine ? { machine: decision.machine } : {};
      const description = "Requeued the run after a failure";
      return {
        attemptStatus: "RETRY_QUEUED",
        ...(await requeueRun(tx, run, { delayMs: decision.delayMs, description, changes })),
      };
    }
    case "retry-in-place": {
      const description = retriedInPlace;
      await tx.query("delete from run_wait where run_id = $1", [run.id]);
      const kept = await transition(tx, run, { to: "EXECUTING", description, changes: { resume_ready_at: null } });
      notifyWorker(tx, run.id);
      return { attemptStatus: "RETRY_IMMEDIATELY", ...kept };
    }
  }
}
