import superjson from "superjson";
import type { Tx } from "../db/database";
import type { Server } from "./context";
import { nextRunAfter, nextRunsAfter } from "./cron";
import { Refusal } from "./refusal";
import type { Run } from "./run";
import { setTimer } from "./timers";
import { triggerIn } from "./trigger-run";

export type Schedule = {
  id: string;
  seq: number;
  type: "DECLARATIVE" | "IMPERATIVE";
  task_id: string;
  deduplication_key: string;
  external_id: string | null;
  cron: string;
  timezone: string;
  active: boolean;
  next_run_at: Date | null;
  last_run_at: Date | null;
};

const upcomingCount = 10;

/** Starts one run for the time that is due and sets the next. Times that passed while no server ran are skipped. */
export async function fireSchedule(tx: Tx, server: Server, id: string, dueAt: Date): Promise<void> {
  const [schedule] = await tx.query<Schedule>("select * from schedule where id = $1 for update", [id]);
  if (!schedule?.active || !schedule.next_run_at || schedule.next_run_at > dueAt) return;
  const timestamp = schedule.next_run_at;
  const now = new Date();
  const next = nextRunAfter(schedule.cron, schedule.timezone, now > timestamp ? now : timestamp);
  await tx.query("update schedule set next_run_at = $2, last_run_at = $3 where id = $1", [id, next, timestamp]);
  await setTimer(tx, "schedule", id, next);
  await triggerIn(tx, server, {
    taskId: schedule.task_id,
    payload: payloadOf(schedule, timestamp),
    options: { payloadType: "application/super+json" },
    scheduleId: id,
    source: "schedule",
  });
}

/** Starts one run of a schedule now, also of a paused one. Its times stay as they are. */
export async function runScheduleNow(server: Server, id: string): Promise<Pick<Run, "id">> {
  return server.db.transaction(async (tx) => {
    const [schedule] = await tx.query<Schedule>("select * from schedule where id = $1", [id]);
    if (!schedule) throw new Refusal(404, "Schedule not found");
    const { run } = await triggerIn(tx, server, {
      taskId: schedule.task_id,
      payload: payloadOf(schedule, new Date()),
      options: { payloadType: "application/super+json" },
      scheduleId: id,
      source: "dashboard",
    });
    return run;
  });
}

function payloadOf(schedule: Schedule, timestamp: Date): string {
  return superjson.stringify({
    scheduleId: schedule.id,
    type: schedule.type,
    timestamp,
    ...(schedule.last_run_at ? { lastTimestamp: schedule.last_run_at } : {}),
    ...(schedule.external_id === null ? {} : { externalId: schedule.external_id }),
    timezone: schedule.timezone,
    upcoming: nextRunsAfter(schedule.cron, schedule.timezone, timestamp, upcomingCount),
  });
}
