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

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** The common expressions in the words that clients of the real server get; the dashboard has its own, for more of them. */
export function describeCron(cron: string): string {
  if (cron === "* * * * *") return "Every minute";
  const every = /^\*\/(\d{1,2}) \* \* \* \*$/.exec(cron)?.[1];
  if (every) return `Every ${every} minutes`;
  const [, minute, hour, weekday] = /^(\d{1,2}) (\d{1,2}) \* \* (\*|[0-7])$/.exec(cron) ?? [];
  if (minute === undefined || hour === undefined || weekday === undefined) return cron;
  const half = Number(hour) < 12 ? "AM" : "PM";
  const time = `${String(Number(hour) % 12 || 12).padStart(2, "0")}:${minute.padStart(2, "0")} ${half}`;
  return weekday === "*" ? `At ${time}` : `At ${time}, only on ${weekdays[Number(weekday)]}`;
}
