import type { Tx } from "../db/database";
import type { Server } from "./context";
import { momentFrom } from "./durations";
import { Refusal } from "./refusal";
import { lockRun, type Run } from "./run";
import { transition } from "./snapshots";
import { setTimer } from "./timers";

/** Moves a run that is still delayed to another time. */
export async function rescheduleRun(server: Server, runId: string, delay: string | Date): Promise<Run> {
  return server.db.transaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (!run) throw new Refusal(404, "Run not found");
    if (run.execution_status !== "DELAYED") throw new Refusal(422, "Cannot reschedule a run that is not delayed");
    const until = momentFrom(delay, new Date());
    if (!until) throw new Refusal(422, `Invalid delay: "${String(delay)}". Use for example 1h, or a date to come.`);
    return moveDelayed(tx, run, until);
  });
}

/** The same for a locked run in the caller's transaction. */
export async function moveDelayed(tx: Tx, run: Run, until: Date): Promise<Run> {
  await setTimer(tx, "delay", run.id, until);
  const { run: moved } = await transition(tx, run, {
    to: "DELAYED",
    description: "Delayed run was rescheduled to a future date",
    changes: { delay_until: until, available_at: until, queue_time: new Date(until.getTime() - run.priority_ms) },
  });
  return moved;
}
