/** A day of trade as people write it, "2026-11-23", in the store's time zone. */
export type BusinessDate = string & { readonly __businessDate: true };

/** A day of trade in real time: `start` belongs to it, `end` to the next. 23 to 25 hours long, as the clocks change. */
export type BusinessDay = { date: BusinessDate; timeZone: string; start: Date; end: Date };

const dayMs = 24 * 60 * 60 * 1000;

const calendars = new Map<string, Intl.DateTimeFormat>();

function calendarOf(timeZone: string): Intl.DateTimeFormat {
  let calendar = calendars.get(timeZone);
  if (!calendar) {
    calendar = new Intl.DateTimeFormat("en-US", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
    calendars.set(timeZone, calendar);
  }
  return calendar;
}

function toDate(utcMidnight: number): BusinessDate {
  return new Date(utcMidnight).toISOString().slice(0, 10) as BusinessDate;
}

/** What a calendar on the wall shows at `instant`. */
function localDate(instant: number, timeZone: string): BusinessDate {
  const parts = calendarOf(timeZone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}` as BusinessDate;
}

/** The date so many days later (or earlier), by the calendar. */
export function addDays(date: BusinessDate, days: number): BusinessDate {
  return toDate(Date.parse(date) + days * dayMs);
}

/** The first instant of a date: midnight, or whenever the clocks say that date begins. */
function startOf(date: BusinessDate, timeZone: string): number {
  // Found by halving and not from an offset: offsets change, some at midnight, and a few places have skipped a date.
  let before = Date.parse(date) - dayMs;
  let from = Date.parse(date) + dayMs;
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (localDate(middle, timeZone) < date) before = middle;
    else from = middle;
  }
  return from;
}

/**
 * The day of trade called `date` in an IANA time zone. Each instant belongs to exactly one day: a day ends where the
 * next one starts. A date that a place skipped is a day of no length.
 *
 * @throws RangeError for an unknown time zone.
 */
export function businessDay(date: BusinessDate, timeZone: string): BusinessDay {
  const start = new Date(startOf(date, timeZone));
  return { date, timeZone, start, end: new Date(startOf(addDays(date, 1), timeZone)) };
}

/** The day of trade that `instant` belongs to. */
export function businessDayOf(instant: Date, timeZone: string): BusinessDay {
  return businessDay(localDate(instant.getTime(), timeZone), timeZone);
}

/** The last day of trade that was over at `now`. */
export function dayBefore(now: Date, timeZone: string): BusinessDay {
  return businessDay(addDays(businessDayOf(now, timeZone).date, -1), timeZone);
}

/** The hours of a day, each with the time a clock shows when it begins: 24 as a rule, 23 or 25 when clocks change. */
export function hoursOf(day: BusinessDay): { index: number; label: string }[] {
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: day.timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const hours = Math.ceil((day.end.getTime() - day.start.getTime()) / 3_600_000);
  return Array.from({ length: hours }, (_, index) => ({
    index,
    label: clock.format(day.start.getTime() + index * 3_600_000),
  }));
}
