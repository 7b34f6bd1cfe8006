import { requireCron } from "./cron";
import { Refusal } from "./refusal";
import { isTimezone } from "./timezones";

type Times = { cron: string; timezone: string; window?: unknown };

/** Refuses times nobody could keep, whether somebody sends them or a task declares them. */
export function requireTimes({ cron, timezone, window }: Times): void {
  if (window !== undefined)
    throw new Refusal(501, "The local server has no schedule windows: a schedule fires at its time.");
  requireCron(cron);
  if (!isTimezone(timezone))
    throw new Refusal(422, `Invalid timezone: "${timezone}" is not an IANA name of the list at /api/v1/timezones.`);
}
