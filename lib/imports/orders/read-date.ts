import { wallTime } from "@/lib/reports/wall-time";
import { quote } from "../candidate";

/** Which number comes first in dates such as 12/1/2010. */
export type DateOrder = "day first" | "month first";

/** `day first` or `month first`, however it is written; undefined for anything else. */
export function readDateOrder(text: string): DateOrder | undefined {
  const word = text.trim().toLowerCase();
  if (word.startsWith("day") || word.startsWith("d/")) return "day first";
  if (word.startsWith("month") || word.startsWith("m/")) return "month first";
  return undefined;
}

const isoPattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?: ?(Z|UTC|[+-]\d{2}:?\d{2}))?)?$/i;
const slashedPattern = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:,? (\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

/**
 * An instant as files write it: 2010-12-01, with or without a time and an offset from UTC, or with slashes or points
 * where it was said which number is the day: one file must not be read in two ways. A date alone is noon of that day, so that no time zone makes it another.
 */
export function readDate(
  text: string,
  { timeZone, order }: { timeZone: string; order: DateOrder | undefined },
): { at: Date } | { problem: string } {
  const iso = isoPattern.exec(text);
  if (iso) {
    const [, year, month, day, hour, minute, second, offset] = iso;
    return toInstant({ text, timeZone, year, month, day, hour, minute, second, offset });
  }
  const slashed = slashedPattern.exec(text);
  if (!slashed) return { problem: `${quote(text)} is no date such as 2010-12-31 or 2010-12-31 09:30.` };
  const [, first, second, year, hour, minute, seconds] = slashed;
  if (!order)
    return { problem: `In ${quote(text)} it must be said which number is the day. Say it beside the columns.` };
  const [day, month] = order === "day first" ? [first, second] : [second, first];
  return toInstant({ text, timeZone, year, month, day, hour, minute, second: seconds });
}

type Parts = Partial<Record<"year" | "month" | "day" | "hour" | "minute" | "second" | "offset", string>>;

function toInstant({ text, timeZone, offset, ...parts }: Parts & { text: string; timeZone: string }) {
  const [year, month, day] = [parts.year, parts.month, parts.day].map(Number) as [number, number, number];
  const [hour, minute, second] = [parts.hour ?? "12", parts.minute ?? "0", parts.second ?? "0"].map(Number) as [
    number,
    number,
    number,
  ];
  const asUtc = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const isReal =
    asUtc.getUTCMonth() === month - 1 && asUtc.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isReal || year < 1970) return { problem: `${quote(text)} is not a day and time that there was.` };
  if (offset === undefined) return { at: wallTime(asUtc, timeZone) };
  return { at: new Date(asUtc.getTime() - offsetMs(offset)) };
}

function offsetMs(offset: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(offset) ?? [];
  const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === "-" ? -size : size;
}
