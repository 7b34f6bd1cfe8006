import type { Schedule } from "./engine/fire-schedule";

export type ScheduleOfRun = Schedule;

/** The little a run says about the schedule that started it. */
export function presentSchedule(schedule: Schedule) {
  return {
    id: schedule.id,
    ...(schedule.external_id === null ? {} : { externalId: schedule.external_id }),
    ...(schedule.type === "IMPERATIVE" ? { deduplicationKey: schedule.deduplication_key } : {}),
    generator: { type: "CRON", expression: schedule.cron, description: describeCron(schedule.cron) },
  };
}

/** A few common expressions in words; the others are shown as they are. */
export function describeCron(cron: string): string {
  if (cron === "* * * * *") return "Every minute";
  const daily = /^(\d{1,2}) (\d{1,2}) \* \* \*$/.exec(cron);
  if (daily) return `At ${daily[2]?.padStart(2, "0")}:${daily[1]?.padStart(2, "0")}`;
  return cron;
}
