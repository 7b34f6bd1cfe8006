import { Readable } from "node:stream";
import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { ReportId } from "@/lib/ids";
import { getObjectStream } from "@/lib/storage/get-object-stream";
import { ReportNotFoundError, ReportNotReadyError } from "./errors";
import { SalesFigures } from "./sales-figures";

/** A report as the admin shows it. */
export type ReportView = {
  id: ReportId;
  /** The business date, "2026-11-23". */
  date: string;
  revision: number;
  timeZone: string;
  figures: SalesFigures;
  checksum: string;
  /** False while the PDF is being made. */
  ready: boolean;
  createdAt: Date;
  mail: { recipients: string; sentAt: Date | null } | null;
};

const pageMax = 100;

/** The latest reports first, with all their revisions. `after` is the last one of the page before. @throws NotAllowedError */
export async function listReports({
  actor,
  limit = 30,
  after,
}: {
  actor: Actor;
  limit?: number;
  after?: ReportId;
}): Promise<ReportView[]> {
  requireStaff(actor);
  const rows = await db().report.findMany({
    ...(after && { cursor: { id: after }, skip: 1 }),
    orderBy: [{ businessDate: "desc" }, { revision: "desc" }],
    take: Math.min(limit, pageMax),
    include: withMail,
  });
  return rows.map(viewOf);
}

/** @throws ReportNotFoundError, NotAllowedError */
export async function getReport({ actor, reportId }: { actor: Actor; reportId: ReportId }): Promise<ReportView> {
  requireStaff(actor);
  const row = await db().report.findUnique({ where: { id: reportId }, include: withMail });
  if (!row) throw new ReportNotFoundError(reportId);
  return viewOf(row);
}

/**
 * The PDF of a report, to be answered to a browser as it is read.
 *
 * @throws ReportNotFoundError, ReportNotReadyError, NotAllowedError, and TemporaryError when the file store is away.
 */
export async function openReportPdf({ actor, reportId }: { actor: Actor; reportId: ReportId }): Promise<{
  stream: ReadableStream<Uint8Array>;
  sizeBytes: number;
  contentType: string;
  fileName: string;
}> {
  requireStaff(actor);
  const row = await db().report.findUnique({ where: { id: reportId }, select: { objectKey: true } });
  if (!row) throw new ReportNotFoundError(reportId);
  if (!row.objectKey) throw new ReportNotReadyError(reportId);
  const { stream, sizeBytes, contentType } = await getObjectStream(row.objectKey);
  return {
    stream: Readable.toWeb(stream) as ReadableStream<Uint8Array>,
    sizeBytes,
    contentType,
    fileName: row.objectKey.slice(row.objectKey.lastIndexOf("/") + 1),
  };
}

const withMail = { mails: { where: { kind: "daily-report" } } } satisfies Prisma.ReportInclude;

function viewOf(row: Prisma.ReportGetPayload<{ include: typeof withMail }>): ReportView {
  const [mail] = row.mails;
  return {
    id: row.id as ReportId,
    date: row.businessDate.toISOString().slice(0, 10),
    revision: row.revision,
    timeZone: row.timeZone,
    figures: SalesFigures.parse(row.figures),
    checksum: row.checksum,
    ready: row.objectKey !== null,
    createdAt: row.createdAt,
    mail: mail ? { recipients: mail.recipient, sentAt: mail.sentAt } : null,
  };
}
