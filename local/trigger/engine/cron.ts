import { CronExpressionParser } from "cron-parser";
import { Refusal } from "./refusal";

/** Refuses what is not a cron expression of five fields. Minutes are the finest resolution. */
export function requireCron(cron: string): void {
  if (cron.trim().split(/\s+/).length !== 5) {
    throw new Refusal(
      422,
      `Invalid cron expression: "${cron}" does not have five fields (minute, hour, day, month, weekday).`,
    );
  }
  try {
    CronExpressionParser.parse(cron);
  } catch (error) {
    throw new Refusal(422, `Invalid cron expression: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The first moment after `date` the expression means, in its timezone (daylight saving included). */
export function nextRunAfter(cron: string, timezone: string, date: Date): Date {
  return CronExpressionParser.parse(cron, { currentDate: date, tz: timezone }).next().toDate();
}

export function nextRunsAfter(cron: string, timezone: string, date: Date, count: number): Date[] {
  const expression = CronExpressionParser.parse(cron, { currentDate: date, tz: timezone });
  return Array.from({ length: count }, () => expression.next().toDate());
}
