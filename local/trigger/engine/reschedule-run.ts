import type { Server } from "./context";
import { momentFrom } from "./durations";
import { Refusal } from "./refusal";
import { lockRun, type Run } from "./run";
import { transition } from "./snapshots";
import { setTimer } from "./timers";

/** Moves a run that is still delayed to another time. */
export async function rescheduleRun(server: Server, runId: string, delay: string | Date): Promise<Run> {
  const until = momentFrom(delay, new Date());
  if (!until) throw new Refusal(422, `Invalid delay: "${String(delay)}". Use for example 1h, or a date.`);
  return server.db.transaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (!run) throw new Refusal(404, "Run not found");
    if (run.execution_status !== "DELAYED") throw new Refusal(422, "Cannot reschedule a run that is not delayed");
    await setTimer(tx, "delay", runId, until);
    const { run: moved } = await transition(tx, run, {
      to: "DELAYED",
      description: "Delayed run was rescheduled to a future date",
      changes: { delay_until: until, available_at: until, queue_time: new Date(until.getTime() - run.priority_ms) },
    });
    return moved;
  });
}
