import type { Tx } from "../db/database";
import { notifyQueue } from "../db/notify";
import type { Run } from "./run";
import { transition } from "./snapshots";
import { clearTimers, setTimer } from "./timers";

type Requeue = { delayMs: number; description: string; changes?: Partial<Run> };

/** Puts a locked run back into its queue, at its old place. Waits it was in are forgotten: its next attempt begins anew. */
export async function requeueRun(tx: Tx, run: Run, { delayMs, description, changes }: Requeue) {
  const availableAt = new Date(Date.now() + delayMs);
  await tx.query("delete from run_wait where run_id = $1", [run.id]);
  await clearTimers(tx, run.id, ["stalled"]);
  if (delayMs > 0) await setTimer(tx, "retry", run.id, availableAt);
  const requeued = await transition(tx, run, {
    to: "QUEUED",
    description,
    changes: { status: "PENDING", available_at: availableAt, resume_ready_at: null, session_id: null, ...changes },
  });
  notifyQueue(tx);
  return requeued;
}
