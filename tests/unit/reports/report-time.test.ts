import { expect, test } from "vitest";
import { ReportTimeInvalidError } from "@/lib/reports/errors";
import { reportTime } from "@/lib/reports/report-time";

test("the time of a report is a schedule's Date or a text that a person typed", () => {
  const nine = new Date("2026-11-24T09:00:00Z");

  expect(reportTime({ timestamp: nine, timezone: "UTC", upcoming: [] })).toEqual(nine);
  expect(reportTime({ timestamp: "2026-11-24T09:00:00Z" })).toEqual(nine);
  expect(reportTime({ timestamp: "2026-11-24T10:00:00+01:00" })).toEqual(nine);
});

test.each([
  undefined,
  null,
  "2026-11-24T09:00:00Z",
  {},
  { timestamp: "" },
  { timestamp: "tomorrow" },
  { timestamp: "2026-11-24" },
  { timestamp: "2026-02-30T09:00:00Z" },
  { timestamp: 1_795_510_800_000 },
  { timestamp: new Date(Number.NaN) },
  { timestamp: "0001-01-01T00:00:00Z" },
])("%j is refused with a sentence that shows how it is written", (payload) => {
  expect(() => reportTime(payload)).toThrow(ReportTimeInvalidError);
  expect(() => reportTime(payload)).toThrow(/2026-11-24T09:00:00Z/);
});
