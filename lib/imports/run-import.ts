import { crashPoint } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import type { Import } from "@/lib/db/generated/client";
import { isUniqueViolation, transaction } from "@/lib/db/transaction";
import type { ResolveOptions } from "@/lib/download/resolve-host";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import type { ImportId } from "@/lib/ids";
import { log } from "@/lib/log";
import { Currency } from "@/lib/money/money";
import { getStoreSettings } from "@/lib/store-settings";
import { takeRemembered } from "./columns/remembered";
import { endImport } from "./end-import";
import { ImportNotFoundError, ImportStateError } from "./errors";
import { type FetchProgress, fetchSource } from "./fetch-source";
import { askForNotice } from "./import-message";
import { allowedFrom } from "./import-status";
import { ImportType } from "./import-type";
import { importKinds } from "./kinds/kinds";
import { overtaken } from "./overtaken";
import { pacer } from "./pace";
import { readAhead } from "./read-ahead";
import { inChunks, readCandidates } from "./read-candidates";
import { openRefusedSource } from "./refused/open-refused-source";
import { type Checkpoint, type ImportCounts, saveChunk } from "./save-chunk";
import { openSource, type Source } from "./source/open-source";
import { Mapping } from "./table/mapping";
import { runUndo, type UndoProgress } from "./undo/run-undo";

/**
 * Where a run stands. `bytes` are of the file as it lies at its address or in the store; a total of 0 is not known. While
 * it is undone they are changes.
 */
export type ImportProgress = Checkpoint & {
  phase: "fetching" | "reading" | "undoing";
  bytesDone: number;
  bytesTotal: number;
};

type Report = (progress: ImportProgress) => void | Promise<void>;

/**
 * What came of an import: items created, updated and unchanged; rows refused; `total` rows read. `undone` where that was
 * put back: how many changes were, and how many were left as they are.
 */
export type ImportResult = Figures & { undone?: { putBack: number; kept: number } };

type Figures = ImportCounts & { total: number; durationMs: number };

/** Large enough to make a transaction worth its while, small enough to stop within a second and to lose little. */
const chunkRowsDefault = 5_000;
/** Where the pace is limited a portion is at most what a quarter of a second may bring, so that it is kept evenly. */
const chunksPerSecondMin = 4;

/**
 * Reads a file, or the refused rows of another import, into the store, in portions that are each stored whole with the
 * place to go on from, at the pace that IMPORT_ROWS_PER_SECOND allows. A file that lies at an address is brought into the file store first.
 *
 * May be repeated: after a crash it goes on behind the last stored portion, after the end it answers the same result.
 * Two at once do not disturb each other: the one that began first gives up. Rows that cannot be taken are set aside with
 * their number and the reason, and hold up nothing. Whoever started it is told of its end. One that is to be undone is
 * put back instead.
 *
 * @throws DomainError when the file cannot be fetched or read (any further); the import is then failed and says why.
 * @throws TemporaryError when the file store or the address fails, or another run of the same import is ahead.
 * @throws ImportStateError when it was never queued, has been stopped, or has failed and another one has taken its place.
 */
export async function runImport({
  importId,
  runId,
  clock,
  report = () => {},
  chunkRows = chunkRowsDefault,
  network,
}: {
  importId: ImportId;
  runId: string;
  clock: () => Date;
  report?: Report;
  chunkRows?: number;
  /** Which addresses may be reached; the public internet where left out. For tests. */
  network?: ResolveOptions;
}): Promise<ImportResult> {
  const known = await db().import.findUnique({ where: { id: importId } });
  if (known?.status === "undone") return undoneOf(known);
  if (known?.status === "undoing")
    return undoneOf(await runUndo({ importId, runId, clock, report: undoing(known, report), chunkRows }));
  const begun = await begin(importId, runId, clock());
  if (begun.status === "completed") return resultOf(begun);
  try {
    await fetchFile({ job: begun, runId, clock, report, network });
    const job = await takeRemembered(begun);
    const { source, etag } = await open(job);
    try {
      await db().import.update({ where: { id: importId }, data: { format: source.format, sourceEtag: etag } });
      await store({ job, runId, source, clock, report, chunkRows });
    } finally {
      source.close();
    }
  } catch (error) {
    const isOver = error instanceof DomainError && !(error instanceof ImportStateError);
    if (isOver) await endImport({ importId, runId, status: "failed", reason: error.publicMessage, now: clock() });
    throw error;
  }
  return complete({ importId, runId, isDryRun: begun.isDryRun, now: clock() });
}

function undoneOf(job: Import): ImportResult {
  return { ...resultOf(job), undone: { putBack: job.putBack, kept: job.kept } };
}

/** Changes are told as bytes are: how many of how many. */
function undoing(job: Import, report: Report): (at: UndoProgress) => void | Promise<void> {
  return ({ done, total }) => report({ ...checkpointOf(job), phase: "undoing", bytesDone: done, bytesTotal: total });
}

async function open(job: Import): Promise<{ source: Source; etag: string | null }> {
  const { retryOfId, sourceKey: key, fileName, sourceEtag } = job;
  if (retryOfId) return { source: await openRefusedSource(retryOfId as ImportId), etag: null };
  const source = await openSource({ key, fileName, etag: sourceEtag });
  return { source, etag: source.etag };
}

async function begin(importId: ImportId, runId: string, now: Date): Promise<Import> {
  const known = await db().import.findUnique({ where: { id: importId } });
  if (!known) throw new ImportNotFoundError(importId);
  if (known.status === "completed") return known;
  let count: number;
  try {
    ({ count } = await db().import.updateMany({
      where: { id: importId, status: { in: allowedFrom.run } },
      data: { status: "running", runId, startedAt: known.startedAt ?? now, failureReason: null, finishedAt: null },
    }));
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new ImportStateError(importId, known.status, "run beside the one that has taken its place");
  }
  if (count === 0) throw new ImportStateError(importId, known.status, "run");
  log.info("import.running", { importId, runId, fromRow: known.rowsRead });
  return db().import.findUniqueOrThrow({ where: { id: importId } });
}

/** How often it is looked whether somebody has stopped the import while its file is fetched. */
const lookEveryMs = 1_000;

async function fetchFile({
  job,
  runId,
  clock,
  report,
  network,
}: {
  job: Import;
  runId: string;
  clock: () => Date;
  report: Report;
  network: ResolveOptions | undefined;
}): Promise<void> {
  if (job.sourceUrl === null) return;
  let lookedMs = clock().getTime();
  const onProgress = async (at: FetchProgress) => {
    await report({ ...checkpointOf(job), phase: "fetching", ...at });
    const nowMs = clock().getTime();
    if (nowMs - lookedMs < lookEveryMs) return;
    lookedMs = nowMs;
    await requireRunning(job.id as ImportId, runId);
  };
  await fetchSource({ url: job.sourceUrl, key: job.sourceKey, network, onProgress });
}

async function requireRunning(importId: ImportId, runId: string): Promise<void> {
  const now = await db().import.findUniqueOrThrow({ where: { id: importId } });
  if (now.status !== "running") throw new ImportStateError(importId, now.status, "continued");
  if (now.runId !== runId) throw overtaken(importId);
}

function checkpointOf({ rowsRead, created, updated, unchanged, refused }: Import): Checkpoint {
  return { rowsRead, created, updated, unchanged, refused };
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
  report: Report;
  chunkRows: number;
}): Promise<void> {
  const importId = job.id as ImportId;
  let at = checkpointOf(job);
  const tell = () => report({ ...at, phase: "reading", bytesDone: source.bytesRead(), bytesTotal: source.bytesTotal });

  await tell();
  // A dry run that begins anew, such as with other columns, has come by nothing.
  if (job.isDryRun && at.rowsRead === 0) await db().dryRunKey.deleteMany({ where: { importId } });
  const currency = Currency.parse(job.currency);
  const onColumns = async (names: readonly string[]) => {
    await db().import.update({ where: { id: importId }, data: { columns: [...names] } });
  };
  const kind = importKinds[ImportType.parse(job.type)];
  const mapping = Mapping.parse(job.mapping);
  const { timeZone } = await getStoreSettings();
  const candidates = readCandidates(kind, source, {
    currency,
    timeZone,
    after: at.rowsRead,
    mapping,
    isPart: job.retryOfId !== null,
    onColumns,
  });
  const { IMPORT_ROWS_PER_SECOND: rowsPerSecond } = env();
  const keepPace = pacer(rowsPerSecond);
  const rows = rowsPerSecond === 0 ? chunkRows : Math.min(chunkRows, Math.ceil(rowsPerSecond / chunksPerSecondMin));
  // The next rows are read while the database stores these.
  for await (const chunk of readAhead(inChunks(candidates, rows), 2)) {
    const before = at.rowsRead;
    await crashPoint("import.before-chunk");
    at = await saveChunk({ importId, runId, kind, isDryRun: job.isDryRun, from: at, chunk, now: clock() });
    await crashPoint("import.after-chunk");
    await tell();
    await keepPace(at.rowsRead - before);
  }
}

async function complete({
  importId,
  runId,
  isDryRun,
  now,
}: {
  importId: ImportId;
  runId: string;
  isDryRun: boolean;
  now: Date;
}): Promise<ImportResult> {
  const count = await transaction(async (tx) => {
    // A dry run may have been applied meanwhile: then the import has begun once more, and its end is another run's.
    const ended = await tx.import.updateMany({
      where: { id: importId, runId, isDryRun, status: { in: allowedFrom.complete } },
      data: { status: "completed", finishedAt: now },
    });
    if (ended.count === 1) await askForNotice(tx, importId, now);
    if (ended.count === 1 && isDryRun) await tx.dryRunKey.deleteMany({ where: { importId } });
    return ended.count;
  });
  const job = await db().import.findUniqueOrThrow({ where: { id: importId } });
  if (count === 0 && job.status === "running") throw overtaken(importId);
  if (count === 0 && job.status !== "completed") throw new ImportStateError(importId, job.status, "completed");
  const result = resultOf(job);
  log.info("import.completed", { importId, ...result });
  return result;
}

function resultOf({ created, updated, unchanged, refused, rowsRead, startedAt, finishedAt }: Import): Figures {
  const durationMs = startedAt && finishedAt ? finishedAt.getTime() - startedAt.getTime() : 0;
  return { created, updated, unchanged, refused, total: rowsRead, durationMs };
}
