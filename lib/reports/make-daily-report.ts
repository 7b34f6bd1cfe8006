import { crashPoint } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { env } from "@/lib/env";
import type { ReportId } from "@/lib/ids";
import { log } from "@/lib/log";
import { sendOnce } from "@/lib/notifications/send-once";
import { routes } from "@/lib/routes";
import { putObject } from "@/lib/storage/put-object";
import { getStoreSettings } from "@/lib/store-settings";
import { type BusinessDay, dayBefore } from "./business-day";
import { recordReport } from "./record-report";
import { reportKeys } from "./report-keys";
import { reportMail } from "./report-mail";
import { type SalesFigures, salesFigures } from "./sales-figures";
import { salesLedger } from "./sales-ledger";
import { snapshot } from "./snapshot";

export type ReportProgress = {
  step: "figures" | "documents" | "mail" | "done";
  status: string;
  progress: { done: number; total: number; unit: string };
};

export type MadeReport = {
  reportId: ReportId;
  figures: SalesFigures;
  revision: number;
  reportKey: string;
  /** False where this revision had been mailed before, or nobody is to get it. */
  mailed: boolean;
};

/** Resend takes 40 MB in all, of which encoding eats a third. A larger ledger stays in the store. */
const attachmentsMaxBytes = 20_000_000;

/**
 * Reports the last day of trade that was over at `now`, in the store's time zone: counts it, keeps the figures, stores
 * the PDF and the CSV behind it, and mails both to finance.
 *
 * May be repeated, at once and after a crash at any point: the same figures are the same report with the same files and
 * one mail; changed figures are a new revision with files and a mail of its own.
 *
 * @throws TemporaryError when the file store or the mail service is away; asking again goes on where it stopped.
 */
export async function makeDailyReport({
  now,
  report: tell = () => {},
}: {
  now: Date;
  report?: (progress: ReportProgress) => void;
}): Promise<MadeReport> {
  const settings = await getStoreSettings();
  const day = dayBefore(now, settings.timeZone);
  const progress = (done: number) => ({ done, total: 3, unit: "steps" });

  tell({ step: "figures", status: `Counting the sales of ${day.date}.`, progress: progress(0) });
  const { figures, csv } = await readDay(day, settings.currency);
  const { id, revision, checksum, objectKey } = await recordReport(figures);
  const reportId = id as ReportId;
  await crashPoint("daily-report.recorded");

  tell({ step: "documents", status: `Making the PDF of ${day.date}.`, progress: progress(1) });
  const keys = reportKeys({ date: day.date, revision });
  // What makes PDFs takes longer to load than all else of a worker, which needs it once a day.
  const { reportPdf } = await import("./pdf/report-pdf");
  const pdf = await reportPdf({ figures, storeName: settings.name, revision, checksum });
  if (!objectKey) {
    await putObject({ key: keys.csv, body: csv, contentType: "text/csv; charset=utf-8" });
    await putObject({ key: keys.pdf, body: pdf, contentType: "application/pdf" });
    await crashPoint("daily-report.stored");
    await db().report.update({ where: { id }, data: { objectKey: keys.pdf } });
    log.info("report.stored", { reportId, date: day.date, revision, key: keys.pdf });
  }
  await crashPoint("daily-report.noted");

  tell({ step: "mail", status: `Mailing the report of ${day.date}.`, progress: progress(2) });
  const mailed = await mailReport({ reportId, figures, revision, pdf, csv, keys, settings, now });
  const status = mailed ? `The report of ${day.date} is made and mailed.` : `The report of ${day.date} is made.`;
  tell({ step: "done", status, progress: progress(3) });
  return { reportId, figures, revision, reportKey: keys.pdf, mailed };
}

/** The figures and the detail behind them, from one moment of the database. */
function readDay(day: BusinessDay, storeCurrency: string): Promise<{ figures: SalesFigures; csv: Buffer }> {
  return snapshot(async (moment) => {
    const figures = await salesFigures(moment, { day, storeCurrency });
    const pieces: Buffer[] = [];
    for await (const piece of salesLedger(moment, day)) pieces.push(Buffer.from(piece));
    return { figures, csv: Buffer.concat(pieces) };
  });
}

async function mailReport(made: {
  reportId: ReportId;
  figures: SalesFigures;
  revision: number;
  pdf: Buffer;
  csv: Buffer;
  keys: { pdf: string; csv: string };
  settings: { name: string; reportRecipients: string[] };
  now: Date;
}): Promise<boolean> {
  const { reportId, figures, revision, pdf, csv, keys, settings, now } = made;
  if (settings.reportRecipients.length === 0) {
    log.warn("report.nobody-to-mail", { reportId });
    return false;
  }
  const fileName = (key: string) => key.slice(key.lastIndexOf("/") + 1);
  const files = [
    { fileName: fileName(keys.pdf), contentType: "application/pdf", content: pdf },
    { fileName: fileName(keys.csv), contentType: "text/csv", content: csv },
  ];
  const { sent } = await sendOnce({
    kind: "daily-report",
    about: { reportId },
    recipients: settings.reportRecipients,
    render: () =>
      reportMail({
        storeName: settings.name,
        figures,
        revision,
        reportsUrl: env().STORE_URL + routes.adminReports(),
        attachments: pdf.byteLength + csv.byteLength > attachmentsMaxBytes ? files.slice(0, 1) : files,
      }),
    now,
  });
  return sent;
}
