import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { NotAllowedError } from "@/lib/accounts/errors";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { TemporaryError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { dayBefore } from "@/lib/reports/business-day";
import { ReportNotFoundError, ReportNotReadyError } from "@/lib/reports/errors";
import { getReport, listReports, openReportPdf } from "@/lib/reports/find-reports";
import { makeDailyReport } from "@/lib/reports/make-daily-report";
import { recordReport } from "@/lib/reports/record-report";
import { salesFigures } from "@/lib/reports/sales-figures";
import { snapshot } from "@/lib/reports/snapshot";
import { getObjectStream } from "@/lib/storage/get-object-stream";
import { startWorld, type World } from "@/tests/support/world";
import { readPdf } from "@/tests/unit/reports/read-pdf";
import { type Sale, writeSales } from "./trade";

let world: World<"resend" | "s3">;

beforeAll(async () => {
  world = await startWorld({ resend: true, s3: true });
});

afterAll(() => world.close());

beforeEach(async () => {
  await local("/reset", {});
  await db().storeSettings.updateMany({
    data: { timeZone: "UTC", reportRecipients: ["finance@shopfloor.example", "owner@shopfloor.example"] },
  });
});

const staff: Actor = { kind: "staff", userId: "user_grace", role: "staff", email: "grace@shopfloor.example" };

type InboxMail = { id: string; to: string[]; subject: string; html: string; text: string; attachments: InboxFile[] };
type InboxFile = { id: string; filename: string; contentType: string; sizeBytes: number };

async function inbox(): Promise<InboxMail[]> {
  const answer = await fetch(`${world.resend.url}/_local/emails`);
  return (await answer.json()) as InboxMail[];
}

async function attached(mail: InboxMail | undefined): Promise<Record<string, Buffer>> {
  const files = (mail?.attachments ?? []).map(async (file) => {
    const answer = await fetch(`${world.resend.url}/inbox/${mail?.id}/attachments/${file.id}`);
    return [file.filename, Buffer.from(await answer.arrayBuffer())] as const;
  });
  return Object.fromEntries(await Promise.all(files));
}

async function local(path: string, body: object): Promise<void> {
  await fetch(`${world.resend.url}/_local${path}`, { method: "POST", body: JSON.stringify(body) });
}

const stored = async (key: string) => buffer((await getObjectStream(key)).stream);

/** Two brushes with shipping, paid at noon of that date: goods 25.98, total 30.88. */
async function brushSoldOn(date: string): Promise<void> {
  const noon: Sale = {
    currency: "EUR",
    shipping: 490,
    lines: [{ title: "Bench brush", quantity: 2, unitPrice: 1299 }],
    payment: "captured",
    capturedAt: new Date(`${date}T12:00:00Z`),
  };
  await writeSales([noon]);
}

const reportsOf = (date: string) =>
  db().report.findMany({ where: { businessDate: new Date(date) }, orderBy: { revision: "asc" } });

test("at nine, yesterday's sales are a PDF and a CSV in the store and in one mail to finance", async () => {
  await brushSoldOn("2026-11-01");

  const made = await makeDailyReport({ now: new Date("2026-11-02T09:00:00Z") });

  expect(made).toMatchObject({ revision: 1, reportKey: "reports/daily-2026-11-01.pdf", mailed: true });
  expect(made.figures.currencies).toMatchObject([{ currency: "EUR", orders: 1, goods: 2598, total: 3088 }]);
  const pdf = await stored("reports/daily-2026-11-01.pdf");
  const csv = await stored("reports/daily-2026-11-01.csv");
  expect((await readPdf(pdf)).flat()).toContain("Sunday, 1 November 2026");
  expect(csv.toString()).toMatch(
    /,EUR,goods,Bench brush,Default Title,,2,12\.99,25\.98,0\.00,0\.00\r\n.*,EUR,shipping,,,,,,4\.90,0\.00,0\.00\r\n$/,
  );
  const [mail, ...others] = await inbox();
  expect(others).toEqual([]);
  expect(mail?.to).toEqual(["finance@shopfloor.example", "owner@shopfloor.example"]);
  expect(mail?.subject).toBe("Shopfloor sales 2026-11-01: €30.88");
  expect(mail?.text).toContain("Goods: €25.98");
  expect(mail?.html).toContain("http://localhost:3000/admin/reports");
  expect(await attached(mail)).toEqual({ "daily-2026-11-01.pdf": pdf, "daily-2026-11-01.csv": csv });
});

test("made again, it is the same report with the same file and no second mail", async () => {
  await brushSoldOn("2026-11-03");
  const now = new Date("2026-11-04T09:00:00Z");
  const first = await makeDailyReport({ now });
  const pdf = await stored(first.reportKey);

  const again = await makeDailyReport({ now: new Date("2026-11-04T15:00:00Z") });

  expect(again).toEqual({ ...first, mailed: false });
  expect((await stored(first.reportKey)).equals(pdf)).toBe(true);
  expect(await reportsOf("2026-11-03")).toHaveLength(1);
  expect(await inbox()).toHaveLength(1);
});

test("made by several at once, it is one report and one mail", async () => {
  await brushSoldOn("2026-11-05");
  const make = () => makeDailyReport({ now: new Date("2026-11-06T09:00:00Z") });

  const race = await Promise.allSettled([make(), make(), make(), make()]);
  await make();

  for (const one of race) if (one.status === "rejected") expect(one.reason).toBeInstanceOf(TemporaryError);
  expect(await reportsOf("2026-11-05")).toHaveLength(1);
  expect(await inbox()).toHaveLength(1);
});

test("figures that changed are a second revision with files and a mail of its own; the first stays as it was", async () => {
  await brushSoldOn("2026-11-07");
  const now = new Date("2026-11-08T09:00:00Z");
  const first = await makeDailyReport({ now });
  const before = await stored(first.reportKey);
  await brushSoldOn("2026-11-07");

  const second = await makeDailyReport({ now });
  await makeDailyReport({ now });

  expect(second).toMatchObject({ revision: 2, reportKey: "reports/daily-2026-11-07-r2.pdf", mailed: true });
  expect(second.figures.currencies[0]).toMatchObject({ orders: 2, total: 6176 });
  expect((await stored(first.reportKey)).equals(before)).toBe(true);
  expect((await inbox()).map(({ subject }) => subject).sort()).toEqual([
    "Shopfloor sales 2026-11-07: €30.88",
    "Shopfloor sales 2026-11-07: €61.76 (revision 2)",
  ]);
  expect(await reportsOf("2026-11-07")).toHaveLength(2);
});

describe("stopped half-way and made again, it is one report, one file and one mail", () => {
  test.each([
    ["before the mail was taken", "drop-before", "2026-10-01"],
    ["after the mail was taken, before anybody knew", "drop-after", "2026-10-03"],
    ["by a failing mail service", "error", "2026-10-05"],
  ])("%s", async (_, kind, date) => {
    await brushSoldOn(date);
    const now = new Date(Date.parse(date) + 33 * 3_600_000);
    await local("/faults", { kind });
    await expect(makeDailyReport({ now })).rejects.toBeInstanceOf(TemporaryError);

    await makeDailyReport({ now });
    await makeDailyReport({ now });

    expect(await reportsOf(date)).toHaveLength(1);
    expect(await inbox()).toHaveLength(1);
  });

  test.each([
    ["daily-report.recorded", "2026-10-07"],
    ["daily-report.stored", "2026-10-09"],
    ["daily-report.noted", "2026-10-11"],
    ["mail.claimed", "2026-10-13"],
    ["mail.sent", "2026-10-15"],
  ])("by a crash at %s", async (point, date) => {
    await brushSoldOn(date);
    const now = new Date(Date.parse(date) + 33 * 3_600_000);
    const crash = new Error(`Crashed at ${point}`);
    setCrashTrap((name) => {
      if (name === point) throw crash;
    });
    onTestFinished(() => setCrashTrap(undefined));
    await expect(makeDailyReport({ now })).rejects.toBe(crash);
    setCrashTrap(undefined);

    const made = await makeDailyReport({ now });

    expect(await reportsOf(date)).toMatchObject([{ revision: 1, objectKey: made.reportKey }]);
    const [mail, ...others] = await inbox();
    expect(others).toEqual([]);
    expect((await attached(mail))[`daily-${date}.pdf`]?.equals(await stored(made.reportKey))).toBe(true);
  });
});

test("the day is the store's: cut at midnight in its own time zone", async () => {
  await db().storeSettings.updateMany({ data: { timeZone: "Pacific/Honolulu" } });
  await brushSoldOn("2026-09-02"); // two in the morning there

  const made = await makeDailyReport({ now: new Date("2026-09-03T10:00:00Z") });

  expect(made.figures).toMatchObject({
    date: "2026-09-02",
    start: "2026-09-02T10:00:00.000Z",
    end: "2026-09-03T10:00:00.000Z",
    currencies: [{ orders: 1 }],
  });
});

test("a day without trade is reported too, as zeros", async () => {
  await makeDailyReport({ now: new Date("2026-09-11T09:00:00Z") });

  const [mail] = await inbox();
  expect(mail?.subject).toBe("Shopfloor sales 2026-09-10: €0.00");
  expect(mail?.text).toContain("Goods per order: none");
});

test("with nobody to mail it to, the report is made; recipients named later get it", async () => {
  const now = new Date("2026-09-13T09:00:00Z");
  await db().storeSettings.updateMany({ data: { reportRecipients: [] } });
  const made = await makeDailyReport({ now });
  await db().storeSettings.updateMany({ data: { reportRecipients: ["finance@shopfloor.example"] } });

  const again = await makeDailyReport({ now });

  expect([made.mailed, again.mailed]).toEqual([false, true]);
  expect(await inbox()).toHaveLength(1);
});

test("progress tells what is being done, to the end", async () => {
  const told: string[] = [];

  await makeDailyReport({
    now: new Date("2026-09-15T09:00:00Z"),
    report: ({ step, progress }) => told.push(`${step} ${progress.done}/${progress.total}`),
  });

  expect(told).toEqual(["figures 0/3", "documents 1/3", "mail 2/3", "done 3/3"]);
});

describe("staff", () => {
  test("see all reports, latest first, a page at a time, and open the PDF", async () => {
    await brushSoldOn("2027-01-01");
    const made = await makeDailyReport({ now: new Date("2027-01-02T09:00:00Z") });

    const [latest, second] = await listReports({ actor: staff, limit: 2 });
    const [next] = await listReports({ actor: staff, limit: 1, after: made.reportId });
    const file = await openReportPdf({ actor: staff, reportId: made.reportId });

    expect(latest).toMatchObject({ id: made.reportId, date: "2027-01-01", revision: 1, ready: true });
    expect(latest?.mail?.sentAt).toEqual(new Date("2027-01-02T09:00:00Z"));
    expect(latest?.figures).toEqual(made.figures);
    expect(next).toEqual(second);
    expect(file).toMatchObject({ contentType: "application/pdf", fileName: "daily-2027-01-01.pdf" });
    const bytes = Buffer.from(await new Response(file.stream).arrayBuffer());
    expect(bytes.byteLength).toBe(file.sizeBytes);
    expect(bytes.equals(await stored(made.reportKey))).toBe(true);
  });

  test("are told when a report is not there, or not yet", async () => {
    const now = new Date("2026-09-17T09:00:00Z");
    const day = dayBefore(now, "UTC");
    const { id } = await recordReport(await snapshot((moment) => salesFigures(moment, { day, storeCurrency: "EUR" })));
    const reportId = id as ReturnType<typeof newId<"report">>;

    await expect(getReport({ actor: staff, reportId: newId("report") })).rejects.toBeInstanceOf(ReportNotFoundError);
    await expect(openReportPdf({ actor: staff, reportId })).rejects.toBeInstanceOf(ReportNotReadyError);
    expect(await getReport({ actor: staff, reportId })).toMatchObject({ ready: false, mail: null });
  });

  test("are the only ones: a shopper sees no report", async () => {
    const actor: Actor = { kind: "shopper" };
    const reportId = newId("report");

    await expect(listReports({ actor })).rejects.toBeInstanceOf(NotAllowedError);
    await expect(getReport({ actor, reportId })).rejects.toBeInstanceOf(NotAllowedError);
    await expect(openReportPdf({ actor, reportId })).rejects.toBeInstanceOf(NotAllowedError);
  });
});
