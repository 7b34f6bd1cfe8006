import type { SalesFigures } from "./sales-figures";

type Period = Pick<SalesFigures, "start" | "end" | "timeZone">;

/** Writes instants as a clock in a time zone shows them. */
export function clockIn(timeZone: string, options: Intl.DateTimeFormatOptions): (iso: string) => string {
  const formatter = new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", ...options });
  return (iso) => formatter.format(new Date(iso));
}

/** "Monday, 23 November 2026". */
export function longDate(date: string): string {
  return clockIn("UTC", { weekday: "long", day: "numeric", month: "long", year: "numeric" })(date);
}

/** Which payments the figures are about. */
export function periodSentence({ start, end, timeZone }: Period): string {
  const moment = clockIn(timeZone, {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  });
  return `Payments captured from ${moment(start)} up to ${moment(end)}, in the store's time zone ${timeZone}.`;
}

/** Said of a day that is shorter or longer than others. */
export function clocksSentence({ start, end }: Period): string | undefined {
  const hours = (Date.parse(end) - Date.parse(start)) / 3_600_000;
  return hours === 24 ? undefined : `The clocks changed: this day had ${hours} hours.`;
}
