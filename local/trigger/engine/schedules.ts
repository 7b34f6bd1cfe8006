import type { CreateScheduleOptions, UpdateScheduleOptions } from "@trigger.dev/core/v3/schemas";
import type { z } from "zod";
import type { Tx } from "../db/database";
import type { Server } from "./context";
import { nextRunAfter } from "./cron";
import type { Schedule } from "./fire-schedule";
import { newId } from "./ids";
import { Refusal } from "./refusal";
import { requireTimes } from "./schedule-times";
import { findTask } from "./tasks";
import { clearTimers, setTimer } from "./timers";

export async function findSchedule(db: Pick<Tx, "query">, id: string): Promise<Schedule> {
  const [schedule] = await db.query<Schedule>("select * from schedule where id = $1", [id]);
  if (!schedule) throw new Refusal(404, "Schedule not found");
  return schedule;
}

export type SchedulePage = { schedules: Schedule[]; hasMore: boolean };

/** Declared ones first, then by task; a page at a time, counted from 1. */
export async function listSchedules(
  db: Pick<Tx, "query">,
  { task, page }: { task: string; page: number },
): Promise<SchedulePage> {
  const rows = await db.query<Schedule>(
    "select * from schedule where $1 = '' or task_id = $1 order by type, task_id, seq limit $2 offset $3",
    [task, pageSize + 1, (page - 1) * pageSize],
  );
  return { schedules: rows.slice(0, pageSize), hasMore: rows.length > pageSize };
}

const pageSize = 100;

type ScheduleSettings = z.infer<typeof UpdateScheduleOptions>;

/** Creates a schedule, or changes the one that has the deduplication key already. */
export async function createSchedule(server: Server, input: z.infer<typeof CreateScheduleOptions>): Promise<Schedule> {
  if (input.deduplicationKey.trim() === "" || input.deduplicationKey.startsWith("declared:")) {
    throw new Refusal(422, "A schedule needs a deduplicationKey of its own");
  }
  return server.db.transaction(async (tx) => {
    const timezone = await requireValid(tx, input);
    const [schedule] = await tx.query<Schedule>(
      `insert into schedule (id, type, task_id, deduplication_key, external_id, cron, timezone, next_run_at)
       values ($1, 'IMPERATIVE', $2, $3, $4, $5, $6, $7)
       on conflict (deduplication_key) do update set task_id = excluded.task_id, external_id = excluded.external_id,
         cron = excluded.cron, timezone = excluded.timezone, next_run_at = excluded.next_run_at
       returning *`,
      [
        `sched_${newId()}`,
        input.task,
        input.deduplicationKey,
        input.externalId || null,
        input.cron,
        timezone,
        nextRunAfter(input.cron, timezone, new Date()),
      ],
    );
    return reset(tx, schedule);
  });
}

/** Replaces task, cron, timezone and external id: what is left out goes back to its default. */
export async function updateSchedule(server: Server, id: string, input: ScheduleSettings): Promise<Schedule> {
  return server.db.transaction(async (tx) => {
    await requireImperative(tx, id);
    const timezone = await requireValid(tx, input);
    const [schedule] = await tx.query<Schedule>(
      "update schedule set task_id = $2, external_id = $3, cron = $4, timezone = $5, next_run_at = $6 where id = $1 returning *",
      [id, input.task, input.externalId || null, input.cron, timezone, nextRunAfter(input.cron, timezone, new Date())],
    );
    return reset(tx, schedule);
  });
}

/** What code may do with a schedule it created. May be repeated. */
export async function setScheduleActive(server: Server, id: string, active: boolean): Promise<Schedule> {
  return server.db.transaction(async (tx) => setActive(tx, await requireImperative(tx, id), active));
}

/** What a person may do with every schedule: it stays paused when a worker registers again. May be repeated. */
export async function pauseSchedule(server: Server, id: string, isPaused: boolean): Promise<Schedule> {
  return server.db.transaction(async (tx) => setActive(tx, await lockSchedule(tx, id), !isPaused));
}

async function setActive(tx: Tx, { id, cron, timezone }: Schedule, active: boolean): Promise<Schedule> {
  const [schedule] = await tx.query<Schedule>(
    "update schedule set active = $2, next_run_at = $3 where id = $1 returning *",
    [id, active, nextRunAfter(cron, timezone, new Date())],
  );
  return reset(tx, schedule);
}

export async function deleteSchedule(server: Server, id: string): Promise<void> {
  await server.db.transaction(async (tx) => {
    await requireImperative(tx, id);
    await tx.query("delete from schedule where id = $1", [id]);
    await clearTimers(tx, id, ["schedule"]);
  });
}

async function reset(tx: Tx, schedule: Schedule | undefined): Promise<Schedule> {
  if (!schedule) throw new Error("the statement returned no row");
  if (schedule.active && schedule.next_run_at) await setTimer(tx, "schedule", schedule.id, schedule.next_run_at);
  else await clearTimers(tx, schedule.id, ["schedule"]);
  return schedule;
}

async function lockSchedule(tx: Tx, id: string): Promise<Schedule> {
  await tx.query("select 1 from schedule where id = $1 for update", [id]);
  return findSchedule(tx, id);
}

async function requireImperative(tx: Tx, id: string): Promise<Schedule> {
  const schedule = await lockSchedule(tx, id);
  if (schedule.type === "DECLARATIVE") throw new Refusal(422, "A declared schedule is changed in the code of its task");
  return schedule;
}

/** The timezone to use. Refuses a cron, timezone or task nobody could run. */
async function requireValid(tx: Tx, { task, cron, timezone: given, window }: ScheduleSettings): Promise<string> {
  const timezone = given || "UTC";
  requireTimes({ cron, timezone, window });
  const known = await findTask(tx, task);
  if (known?.triggerSource !== "schedule")
    throw new Refusal(422, `Task with identifier ${task} not found, or it is not a scheduled task.`);
  return timezone;
}
