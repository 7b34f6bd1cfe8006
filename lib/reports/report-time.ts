import { z } from "zod";
import { ReportTimeInvalidError } from "./errors";

const Time = z.object({
  timestamp: z.union([z.date(), z.iso.datetime({ offset: true }).transform((text) => new Date(text))]),
});

/**
 * The moment a report is made for, out of a schedule's payload: a Date from the schedule itself, an ISO text with its
 * offset from a person who runs it by hand.
 *
 * @throws ReportTimeInvalidError for anything else, and for times before 2000 or after 2099.
 */
export function reportTime(payload: unknown): Date {
  const parsed = Time.safeParse(payload);
  const year = parsed.data?.timestamp.getUTCFullYear();
  if (!parsed.success || year === undefined || year < 2000 || year > 2099) throw new ReportTimeInvalidError(payload);
  return parsed.data.timestamp;
}
