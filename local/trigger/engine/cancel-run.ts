import type { Tx } from "../db/database";
import { notifyWorker } from "../db/notify";
import type { Server } from "./context";
import { finishRun } from "./finish-run";
import { Refusal } from "./refusal";
import { lockRun, type Run } from "./run";
import { transition } from "./snapshots";
import { setTimer } from "./timers";

/** How long a worker may take to stop a run before it is finished without it. */
const confirmMs = 30_000;

/** Cancels a run and everything it started. Cancelling a finished run changes nothing and is no error. */
export async function cancelRun(server: Server, runId: string): Promise<Run> {
  return server.db.transaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (!run) throw new Refusal(404, "Run not found");
    return cancelLocked(tx, run);
  });
}

export async function cancelLocked(tx: Tx, run: Run): Promise<Run> {
  if (run.execution_status === "FINISHED" || run.execution_status === "PENDING_CANCEL") return run;
  await cancelChildrenLater(tx, run);
  const changes = { status: "CANCELED", error: { type: "STRING_ERROR", raw: "Canceled by user" } } as const;
  if (run.execution_status !== "EXECUTING" && run.execution_status !== "EXECUTING_WITH_WAITPOINTS") {
    return (await finishRun(tx, run, { description: "Run was cancelled", changes })).run;
  }
  // The worker stops it and confirms; should nobody confirm, the timer does.
  await setTimer(tx, "stalled", run.id, new Date(Date.now() + confirmMs));
  await tx.query("delete from run_wait where run_id = $1", [run.id]);
  const { run: cancelling } = await transition(tx, run, {
    to: "PENDING_CANCEL",
    description: "Run was cancelled",
    changes: { ...changes, resume_ready_at: null },
  });
  notifyWorker(tx, run.id);
  return cancelling;
}

/** A parent never locks its children (they lock it, when they finish), so each child is cancelled by a timer of its own. */
async function cancelChildrenLater(tx: Tx, run: Run): Promise<void> {
  const children = await tx.query<{ id: string }>(
    "select id from run where parent_id = $1 and execution_status <> 'FINISHED'",
    [run.id],
  );
  for (const child of children) await setTimer(tx, "cancel", child.id, new Date());
}
