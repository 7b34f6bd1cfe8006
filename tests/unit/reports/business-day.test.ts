import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, type BusinessDate, businessDay, businessDayOf, dayBefore, hoursOf } from "@/lib/reports/business-day";

const day = (date: string, timeZone: string) => businessDay(date as BusinessDate, timeZone);
const hours = (date: string, timeZone: string) => {
  const { start, end } = day(date, timeZone);
  return (end.getTime() - start.getTime()) / 3_600_000;
};

describe("the borders of a day", () => {
  test.each([
    ["UTC", "2026-11-23", "2026-11-23T00:00:00.000Z", "2026-11-24T00:00:00.000Z"],
    ["Europe/Berlin", "2026-11-23", "2026-11-22T23:00:00.000Z", "2026-11-23T23:00:00.000Z"],
    ["Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"],
    ["Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"],
    ["America/New_York", "2026-03-08", "2026-03-08T05:00:00.000Z", "2026-03-09T04:00:00.000Z"],
    ["America/New_York", "2026-11-01", "2026-11-01T04:00:00.000Z", "2026-11-02T05:00:00.000Z"],
    ["Asia/Kolkata", "2028-02-29", "2028-02-28T18:30:00.000Z", "2028-02-29T18:30:00.000Z"],
    ["Pacific/Auckland", "2026-12-31", "2026-12-30T11:00:00.000Z", "2026-12-31T11:00:00.000Z"],
    // The clocks go forward at midnight: the day begins at 01:00.
    ["Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00.000Z", "2026-04-24T21:00:00.000Z"],
  ])("in %s, %s runs from %s to %s", (timeZone, date, start, end) => {
    const { start: from, end: to } = day(date, timeZone);

    expect([from.toISOString(), to.toISOString()]).toEqual([start, end]);
  });

  test("a day has 23, 24 or 25 hours, as the clocks change; half an hour less where they move half an hour", () => {
    expect(hours("2026-03-28", "Europe/Berlin")).toBe(24);
    expect(hours("2026-03-29", "Europe/Berlin")).toBe(23);
    expect(hours("2026-10-25", "Europe/Berlin")).toBe(25);
    expect(hours("2026-10-04", "Australia/Lord_Howe")).toBe(23.5);
  });

  test("a date that a place skipped is a day of no length", () => {
    expect(hours("2011-12-30", "Pacific/Apia")).toBe(0);
    expect(hours("2011-12-29", "Pacific/Apia")).toBe(24);
  });

  test("an unknown time zone is refused", () => {
    expect(() => day("2026-11-23", "Mars/Olympus")).toThrow(RangeError);
  });
});

const zones = ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu", "America/St_Johns"];

test("every instant belongs to exactly one day, and that day is the date on the wall", () => {
  const instants = fc.date({ min: new Date("2015-01-01"), max: new Date("2040-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(instants, fc.constantFrom(...zones), (instant, timeZone) => {
      const { date, start, end } = businessDayOf(instant, timeZone);
      const onTheWall = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" });

      expect(start.getTime()).toBeLessThanOrEqual(instant.getTime());
      expect(instant.getTime()).toBeLessThan(end.getTime());
      expect(date).toBe(onTheWall.format(instant));
      expect(businessDayOf(end, timeZone).date).toBe(addDays(date, 1));
      expect(businessDayOf(new Date(start.getTime() - 1), timeZone).date).toBe(addDays(date, -1));
    }),
  );
});

test("at nine in the morning UTC the day before is the one just over, in the store's zone and not in UTC", () => {
  const now = new Date("2026-11-24T09:00:00Z");

  expect(dayBefore(now, "UTC").date).toBe("2026-11-23");
  expect(dayBefore(now, "America/New_York").date).toBe("2026-11-23");
  expect(dayBefore(now, "Pacific/Honolulu").date).toBe("2026-11-22");
  expect(dayBefore(now, "Pacific/Kiritimati").date).toBe("2026-11-23");
  expect(dayBefore(new Date("2027-01-01T09:00:00Z"), "UTC").date).toBe("2026-12-31");
});

test("the hours of a day bear the time on the clock, twice where it goes back and never where it jumps", () => {
  const labels = (date: string) => hoursOf(day(date, "Europe/Berlin")).map(({ label }) => label);

  expect(labels("2026-11-23")).toHaveLength(24);
  expect(labels("2026-10-25").slice(1, 5)).toEqual(["01:00", "02:00", "02:00", "03:00"]);
  expect(labels("2026-03-29").slice(1, 4)).toEqual(["01:00", "03:00", "04:00"]);
});
