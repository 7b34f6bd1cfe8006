import { metadata, schedules } from "@trigger.dev/sdk";
import { z } from "zod";
import { makeDailyReport } from "@/lib/reports/make-daily-report";
import { reportTime } from "@/lib/reports/report-time";
import { CurrencyFigures } from "@/lib/reports/sales-figures";
import { step } from "../_step";

export const DailySalesReportOutput = z.object({
  /** The day of trade, in the store's time zone. */
  date: z.iso.date(),
  revision: z.int().positive(),
  /** One entry per currency; amounts in its minor units. */
  metrics: z.array(CurrencyFigures.omit({ byHour: true, topProducts: true, largestOrders: true })),
  reportKey: z.string(),
});

/**
 * Every morning: the day of trade that is just over, as a PDF in the store and in finance's mail. By hand,
 * `{"timestamp":"2026-11-24T09:00:00Z"}` makes the report as of that time. Run again, it mails nothing twice.
 */
export const dailySalesReportTask = schedules.task({
  id: "daily-sales-report",
  cron: { pattern: "0 9 * * *", timezone: "UTC" },
  queue: { concurrencyLimit: 1 },
  retry: { maxAttempts: 8, minTimeoutInMs: 2_000, maxTimeoutInMs: 300_000, factor: 3, randomize: true },
  run: (payload) =>
    step(async () => {
      const made = await makeDailyReport({
        now: reportTime(payload),
        report: ({ step, status, progress }) =>
          metadata.set("step", step).set("status", status).set("progress", progress),
      });
      const { figures, revision, reportKey } = made;
      return DailySalesReportOutput.parse({ date: figures.date, revision, metrics: figures.currencies, reportKey });
    }),
});
