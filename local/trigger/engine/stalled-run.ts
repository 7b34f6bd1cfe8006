import type { Tx } from "../db/database";
import { failAttempt } from "./complete-attempt";
import type { Server } from "./context";
import { finishRun } from "./finish-run";
import { requeueRun } from "./requeue-run";
import { lockRun } from "./run";

/**
 * A run whose worker is gone. Handed out but not started: back to the queue, no attempt was made. Executing or waiting:
 * the attempt failed and is retried as the task's settings allow (as in production; `trigger dev` cancels instead).
 */
export async function stallRun(tx: Tx, runId: string): Promise<void> {
  const run = await lockRun(tx, runId);
  if (!run) return;
  switch (run.execution_status) {
    case "PENDING_EXECUTING":
      await requeueRun(tx, run, { delayMs: 0, description: "Run was handed to a worker that did not start it" });
      return;
    case "EXECUTING":
    case "EXECUTING_WITH_WAITPOINTS":
      await failAttempt(tx, run, {
        error: {
          type: "INTERNAL_ERROR",
          code: "TASK_RUN_STALLED_EXECUTING",
          message: "The worker that executed this run is gone.",
        },
      });
      return;
    case "PENDING_CANCEL":
      await finishRun(tx, run, { description: "Run was cancelled, not finished", changes: { status: "CANCELED" } });
      return;
    case "DELAYED":
    case "QUEUED":
    case "FINISHED":
      return;
  }
}

/** The same for several runs at once, each in a transaction of its own; the ids of those that changed. */
export async function stallRuns(server: Server, runIds: string[]): Promise<void> {
  for (const id of runIds) await server.db.transaction((tx) => stallRun(tx, id));
}
