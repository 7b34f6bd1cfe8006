import { crashPoint } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import type { Import } from "@/lib/db/generated/client";
import { isUniqueViolation, transaction } from "@/lib/db/transaction";
import type { ImportId } from "@/lib/ids";
import { log } from "@/lib/log";
import { Currency } from "@/lib/money/money";
import { endImport } from "./end-import";
import { ImportNotFoundError, ImportStateError, UnreadableFileError } from "./errors";
import { askForNotice } from "./import-message";
import { allowedFrom } from "./import-status";
import { inChunks, readCandidates } from "./read-candidates";
import { openRefusedSource } from "./refused/open-refused-source";
import { type Checkpoint, type ImportCounts, saveChunk } from "./save-chunk";
import { openSource, type Source } from "./source/open-source";

/** Where a run stands. `bytes` are of the file as it lies in the store, or of what a retry reads. */
export type ImportProgress = Checkpoint & { bytesDone: number; bytesTotal: number };

/** What came of an import: products created, updated and unchanged; rows refused; `total` rows read. */
export type ImportResult = ImportCounts & { total: number; durationMs: number };

/** Large enough to make a transaction worth its while, small enough to stop within a second and to lose little. */
const chunkRowsDefault = 1000;

/**
 * Reads an uploaded file, or the refused rows of another import, into the store, in portions that are each stored whole with the place to go on from.
 *
 * May be repeated: after a crash it goes on behind the last stored portion, after the end it answers the same result.
 * Two at once do not disturb each other: the one that began first gives up. Rows that cannot be taken are set aside with their
 * number and the reason, and hold up nothing. Whoever started it is told of its end.
 *
 * @throws UnreadableFileError when the file cannot be read (any further); the import is then failed and says why.
 * @throws TemporaryError when the file store fails, or another run of the same import is ahead.
 * @throws ImportStateError when it was never queued, has been stopped, or is a retry that failed and that another has
 * taken the place of.
 */
export async function runImport({
  importId,
  runId,
  clock,
  report = () => {},
  chunkRows = chunkRowsDefault,
}: {
  importId: ImportId;
  runId: string;
  clock: () => Date;
  report?: (progress: ImportProgress) => void | Promise<void>;
  chunkRows?: number;
}): Promise<ImportResult> {
  const job = await begin(importId, runId, clock());
  if (job.status === "completed") return resultOf(job);
  try {
    const source = await open(job);
    try {
      await db().import.update({ where: { id: importId }, data: { format: source.format } });
      await store({ job, runId, source, clock, report, chunkRows });
    } finally {
      source.close();
    }
  } catch (error) {
    if (error instanceof UnreadableFileError)
      await endImport({ importId, runId, status: "failed", reason: error.publicMessage, now: clock() });
    throw error;
  }
  return complete(importId, clock());
}

function open({ retryOfId, sourceKey, fileName }: Import): Promise<Source> {
  return retryOfId ? openRefusedSource(retryOfId as ImportId) : openSource({ key: sourceKey, fileName });
}

async function begin(importId: ImportId, runId: string, now: Date): Promise<Import> {
  const known = await db().import.findUnique({ where: { id: importId } });
  if (!known) throw new ImportNotFoundError(importId);
  if (known.status === "completed") return known;
  const { count } = await db()
    .import.updateMany({
      where: { id: importId, status: { in: allowedFrom.run } },
      data: { status: "running", runId, startedAt: known.startedAt ?? now, failureReason: null, finishedAt: null },
    })
    .catch((error: unknown) => {
      if (isUniqueViolation(error)) return { count: 0 };
      throw error;
    });
  if (count === 0) throw new ImportStateError(importId, known.status, "run");
  log.info("import.running", { importId, runId, fromRow: known.rowsRead });
  return db().import.findUniqueOrThrow({ where: { id: importId } });
}

async function store({
  job,
  runId,
  source,
  clock,
  report,
  chunkRows,
}: {
  job: Import;
  runId: string;
  source: Source;
  clock: () => Date;
  report: (progress: ImportProgress) => void | Promise<void>;
  chunkRows: number;
}): Promise<void> {
  const importId = job.id as ImportId;
  const { rowsRead, created, updated, unchanged, refused } = job;
  let at: Checkpoint = { rowsRead, created, updated, unchanged, refused };
  const tell = () => report({ ...at, bytesDone: source.bytesRead(), bytesTotal: source.bytesTotal });

  await tell();
  const currency = Currency.parse(job.currency);
  const onColumns = async (names: readonly string[]) => {
    await db().import.update({ where: { id: importId }, data: { columns: [...names] } });
  };
  const candidates = readCandidates(source, { currency, after: rowsRead, onColumns });
  for await (const chunk of inChunks(candidates, chunkRows)) {
    await crashPoint("import.before-chunk");
    at = await saveChunk({ importId, runId, from: at, chunk, now: clock() });
    await crashPoint("import.after-chunk");
    await tell();
  }
}

async function complete(importId: ImportId, now: Date): Promise<ImportResult> {
  const count = await transaction(async (tx) => {
    const ended = await tx.import.updateMany({
      where: { id: importId, status: { in: allowedFrom.complete } },
      data: { status: "completed", finishedAt: now },
    });
    if (ended.count === 1) await askForNotice(tx, importId, now);
    return ended.count;
  });
  const job = await db().import.findUniqueOrThrow({ where: { id: importId } });
  if (count === 0 && job.status !== "completed") throw new ImportStateError(importId, job.status, "completed");
  const result = resultOf(job);
  log.info("import.completed", { importId, ...result });
  return result;
}

function resultOf({ created, updated, unchanged, refused, rowsRead, startedAt, finishedAt }: Import): ImportResult {
  const durationMs = startedAt && finishedAt ? finishedAt.getTime() - startedAt.getTime() : 0;
  return { created, updated, unchanged, refused, total: rowsRead, durationMs };
}
