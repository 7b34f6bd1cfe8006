import { cronInWords } from "./engine/cron-words";
import type { Schedule } from "./engine/fire-schedule";

export type ScheduleOfRun = Schedule;

/** The little a run says about the schedule that started it. */
export function presentSchedule(schedule: Schedule) {
  return {
    id: schedule.id,
    ...(schedule.external_id === null ? {} : { externalId: schedule.external_id }),
    ...(schedule.type === "IMPERATIVE" ? { deduplicationKey: schedule.deduplication_key } : {}),
    generator: { type: "CRON", expression: schedule.cron, description: cronInWords(schedule.cron) },
  };
}
