import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import type { Import, ImportReject } from "@/lib/db/generated/client";
import type { ImportId } from "@/lib/ids";
import { ImportNotFoundError } from "./errors";
import { allowedFrom } from "./import-status";

/** The latest imports, newest first. @throws NotAllowedError */
export async function listImports({ actor, limit = 50 }: { actor: Actor; limit?: number }): Promise<Import[]> {
  requireStaff(actor);
  return db().import.findMany({ orderBy: [{ createdAt: "desc" }, { id: "desc" }], take: limit });
}

/** One import as it stands, with one page of what is to be said of its rows, in their order. */
export type ImportDetail = Import & {
  /** The import whose refused rows it tries again. */
  retryOf: Pick<Import, "id"> | null;
  /** Imports that try its own refused rows again, oldest first; all but the last are broken off. */
  retries: Pick<Import, "id" | "status">[];
  notes: ImportReject[];
  notesTotal: number;
  adjustedTotal: number;
  /** Whether it changed something that can be put back. */
  canUndo: boolean;
  page: number;
  pageCount: number;
};

/** A page past the end is the last one. @throws NotAllowedError, ImportNotFoundError */
export async function getImport({
  actor,
  importId,
  page = 1,
  pageSize = 100,
}: {
  actor: Actor;
  importId: ImportId;
  page?: number;
  pageSize?: number;
}): Promise<ImportDetail> {
  requireStaff(actor);
  const found = await db().import.findUnique({
    where: { id: importId },
    include: {
      retryOf: { select: { id: true } },
      retries: { select: { id: true, status: true }, orderBy: [{ createdAt: "asc" }, { id: "asc" }] },
    },
  });
  if (!found) throw new ImportNotFoundError(importId);
  const [change, notesTotal, adjustedTotal] = await Promise.all([
    db().importChange.findFirst({ where: { importId }, select: { seq: true } }),
    db().importReject.count({ where: { importId } }),
    db().importReject.count({ where: { importId, severity: "adjusted" } }),
  ]);
  const pageCount = Math.max(1, Math.ceil(notesTotal / pageSize));
  const shown = Math.min(page, pageCount);
  const notes = await db().importReject.findMany({
    where: { importId },
    orderBy: [{ rowNumber: "asc" }, { id: "asc" }],
    skip: (shown - 1) * pageSize,
    take: pageSize,
  });
  const isAskedFor = found.status === "undoing" && found.failureReason === null;
  const canUndo =
    change !== null &&
    found.changesForgottenAt === null &&
    allowedFrom.undo.some((status) => status === found.status) &&
    !isAskedFor;
  return { ...found, notes, notesTotal, adjustedTotal, canUndo, page: shown, pageCount };
}
