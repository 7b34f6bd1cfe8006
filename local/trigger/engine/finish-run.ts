import type { Tx } from "../db/database";
import { notifyQueue } from "../db/notify";
import type { Run } from "./run";
import { transition } from "./snapshots";
import { clearTimers } from "./timers";
import { completeWaitpoint, outputOfRun } from "./waitpoints";

type Ending = { description: string; changes: Partial<Run> & Pick<Run, "status"> };

/**
 * The one way a run ends: final snapshot, `completed_at` (realtime subscriptions close on it), slot given back,
 * waiting parents told.
 */
export async function finishRun(tx: Tx, run: Run, { description, changes }: Ending) {
  const finished = await transition(tx, run, {
    to: "FINISHED",
    description,
    changes: { completed_at: new Date(), resume_ready_at: null, ...changes },
  });
  await clearTimers(tx, run.id, ["delay", "ttl", "retry", "stalled", "cancel"]);
  notifyQueue(tx);
  if (run.execution_status === "EXECUTING_WITH_WAITPOINTS")
    await tx.query("delete from run_wait where run_id = $1", [run.id]);
  const [waitpoint] = await tx.query<{ id: string }>(
    "select id from waitpoint where run_id = $1 and status = 'PENDING'",
    [run.id],
  );
  if (waitpoint) await completeWaitpoint(tx, waitpoint.id, outputOfRun(finished.run));
  return finished;
}
