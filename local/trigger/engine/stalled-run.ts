import type { Tx } from "../db/database";
import { notifyWorker } from "../db/notify";
import { failAttempt } from "./complete-attempt";
import type { Server } from "./context";
import { finishRun } from "./finish-run";
import { requeueRun } from "./requeue-run";
import { lockRun, type Run } from "./run";

/** What a run was doing when its worker was last seen with it. */
export type Assignment = { id: string; attempt: number; pendingSnapshot: string | null };

/** What these runs are doing now, to recognise later whether they still do the same. */
export async function assignmentsOf({ db }: Server, runIds: string[]): Promise<Assignment[]> {
  return db.query<Assignment>(
    `select id, attempt_number as attempt, case when execution_status = 'PENDING_EXECUTING' then snapshot_id end as "pendingSnapshot"
     from run where id = any($1) and execution_status in ('PENDING_EXECUTING', 'EXECUTING', 'EXECUTING_WITH_WAITPOINTS', 'PENDING_CANCEL')`,
    [runIds],
  );
}

/**
 * A run whose worker is gone. Handed out but not started: back to the queue, no attempt was made. Executing or waiting:
 * the attempt failed and is retried as the task's settings allow (as in production; `trigger dev` cancels instead).
 * With an assignment, a run that somebody else has taken over since is left alone.
 */
export async function stallRun(tx: Tx, runId: string, assignment?: Assignment): Promise<void> {
  const run = await lockRun(tx, runId);
  if (!run || (assignment && !isSame(run, assignment))) return;
  // Should the worker live after all, it learns that the run is no longer its own.
  if (run.execution_status !== "FINISHED") notifyWorker(tx, runId);
  switch (run.execution_status) {
    case "PENDING_EXECUTING":
      await requeueRun(tx, run, { delayMs: 0, description: "Run was handed to a worker that did not start it" });
      return;
    case "EXECUTING":
    case "EXECUTING_WITH_WAITPOINTS":
      if (!(await isAnsweredFor(tx, run))) await endStalled(tx, run);
      return;
    case "PENDING_CANCEL":
      await endStalled(tx, run);
      return;
    case "DELAYED":
    case "QUEUED":
    case "FINISHED":
      return;
  }
}

/** The attempt of a locked run is over, because nobody works on it any more. */
export async function endStalled(tx: Tx, run: Run): Promise<void> {
  if (run.execution_status === "PENDING_CANCEL") {
    await finishRun(tx, run, { description: "Run was cancelled, not finished", changes: { status: "CANCELED" } });
    return;
  }
  await failAttempt(tx, run, {
    error: {
      type: "INTERNAL_ERROR",
      code: "TASK_RUN_STALLED_EXECUTING",
      message: "The worker that executed this run is gone.",
    },
  });
}

/** A timer of an earlier attempt may fire when another session already has the run. */
async function isAnsweredFor(tx: Tx, { session_id }: Run): Promise<boolean> {
  if (session_id === null) return false;
  return (await tx.query("select 1 from session where id = $1", [session_id])).length > 0;
}

function isSame(run: Run, { attempt, pendingSnapshot }: Assignment): boolean {
  if (run.attempt_number !== attempt) return false;
  return run.execution_status === "PENDING_EXECUTING" ? run.snapshot_id === pendingSnapshot : true;
}

/** The same for several runs, each in a transaction of its own. */
export async function stallRuns(server: Server, assignments: Assignment[]): Promise<void> {
  for (const assignment of assignments) await server.db.transaction((tx) => stallRun(tx, assignment.id, assignment));
}
