import type { Tx } from "../db/database";
import { nextRunAfter } from "./cron";
import { newId } from "./ids";
import { requireTimes } from "./schedule-times";
import { setTimer } from "./timers";
import type { WorkerManifest } from "./workers";

type DeclaredTask = WorkerManifest["tasks"][number];

/**
 * Makes the DECLARATIVE schedules equal to what the code says. A schedule whose times did not change keeps its next
 * run; one that somebody paused stays paused.
 */
export async function syncDeclaredSchedules(tx: Tx, tasks: DeclaredTask[]): Promise<void> {
  const declared = tasks.filter(
    ({ schedule }) => schedule && (schedule.environments ?? ["DEVELOPMENT"]).includes("DEVELOPMENT"),
  );
  const removed = await tx.query<{ id: string }>(
    "delete from schedule where type = 'DECLARATIVE' and task_id <> all($1) returning id",
    [declared.map((task) => task.id)],
  );
  await tx.query("delete from timer where kind = 'schedule' and subject = any($1)", [removed.map((row) => row.id)]);
  for (const { id: taskId, schedule } of declared) {
    if (!schedule) continue;
    requireTimes(schedule);
    const nextRun = nextRunAfter(schedule.cron, schedule.timezone, new Date());
    const [row] = await tx.query<{ id: string; next_run_at: Date; active: boolean }>(
      `insert into schedule as old (id, type, task_id, deduplication_key, cron, timezone, next_run_at)
       values ($1, 'DECLARATIVE', $2, $3, $4, $5, $6)
       on conflict (deduplication_key) do update set cron = excluded.cron, timezone = excluded.timezone,
         next_run_at = case when old.cron = excluded.cron and old.timezone = excluded.timezone and old.next_run_at > now()
                       then old.next_run_at else excluded.next_run_at end
       returning id, next_run_at, active`,
      [`sched_${newId()}`, taskId, `declared:${taskId}`, schedule.cron, schedule.timezone, nextRun],
    );
    if (row?.active) await setTimer(tx, "schedule", row.id, row.next_run_at);
  }
}
