import pg from "pg";
import { crashPoint } from "@/lib/crash-point";
import { type BulkTx, bulkTransaction } from "@/lib/db/bulk-transaction";
import { db } from "@/lib/db/client";
import type { Import } from "@/lib/db/generated/client";
import type { ImportId } from "@/lib/ids";
import { log } from "@/lib/log";
import { ImportStateError } from "../errors";
import { allowedFrom } from "../import-status";
import { ImportType } from "../import-type";
import { inRounds } from "../in-rounds";
import { insertNotes } from "../insert-notes";
import type { ImportKind, KeptChange } from "../kinds/import-kind";
import { importKinds } from "../kinds/kinds";
import { overtaken } from "../overtaken";

type Row = KeptChange & { seq: string; rowNumber: number };

/** How far it is: changes of those that there were. */
export type UndoProgress = { done: number; total: number };

const portionSize = 1_000;
/** Of what was there before, as JSON: so much of it is in memory at once, but for a single change that is larger. */
const portionBytesMax = 4 * 1024 * 1024;

/**
 * Puts back what an import changed, newest first, in portions that each forget what they have put back: so after any crash
 * it goes on where it was, and one that another run has brought to its end meanwhile is answered as it ended. What somebody has
 * changed since is left as it is, and said with the row it came from.
 *
 * @throws ImportStateError where it is not to be undone, TemporaryError where another run has gone on with it.
 */
export async function runUndo({
  importId,
  runId,
  clock,
  report,
  chunkRows,
}: {
  importId: ImportId;
  runId: string;
  clock: () => Date;
  report: (at: UndoProgress) => void | Promise<void>;
  /** So many changes are a portion, unless that are too many for one. */
  chunkRows: number;
}): Promise<Import> {
  const { count: taken } = await db().import.updateMany({
    where: { id: importId, status: { in: allowedFrom.putBack } },
    data: { runId },
  });
  const job = await db().import.findUniqueOrThrow({ where: { id: importId } });
  if (job.status === "undone") return job;
  if (taken === 0) throw new ImportStateError(importId, job.status, "undone");
  const kind = importKinds[ImportType.parse(job.type)];
  const left = await db().importChange.count({ where: { importId } });
  const total = job.putBack + job.kept + left;
  let done = total - left;
  const changesMax = Math.min(chunkRows, portionSize);
  do {
    await report({ done, total });
    await crashPoint("import.before-undo");
    done += await bulkTransaction((tx) => undoPortion(tx, { importId, runId, kind, changesMax, now: clock() }));
    await crashPoint("import.after-undo");
  } while (done < total);
  const undone = await db().import.findUniqueOrThrow({ where: { id: importId } });
  log.info("import.undone", { importId, putBack: undone.putBack, kept: undone.kept });
  return undone;
}

type Portion = { importId: ImportId; runId: string; kind: ImportKind<unknown>; changesMax: number; now: Date };

/** How many changes it took; endlessly many where another run has brought it to its end. */
async function undoPortion(tx: BulkTx, { importId, runId, kind, changesMax, now }: Portion): Promise<number> {
  if (await isOver(tx, importId, runId)) return Number.POSITIVE_INFINITY;
  const rows = await findLatest(tx, importId, changesMax);
  const reasons = await inRounds(
    rows,
    ({ subject }) => subject,
    (changes) => undoIsolated(tx, kind, { changes, importId, now }),
  );
  const kept = rows.flatMap(({ rowNumber }, index) => {
    const reason = reasons[index];
    return reason ? [{ rowNumber, severity: "kept" as const, reason }] : [];
  });
  await insertNotes(tx, importId, kept);
  await tx.execute("delete from import_change where import_id = $1 and seq = any($2)", [
    importId,
    rows.map(({ seq }) => seq),
  ]);
  // The last portion is the end, so that none is left to end what has nothing left.
  await tx.execute(
    `update import set put_back = put_back + $2, kept = kept + $3, failure_reason = null,
       status = case when is_over then 'undone' else status end, finished_at = case when is_over then $4 else finished_at end
     from (select not exists (select 1 from import_change where import_id = $1) as is_over) rest where id = $1`,
    [importId, rows.length - kept.length, kept.length, now],
  );
  return rows.length;
}

/** The newest changes, as many as are a portion. None is unpacked to be measured that comes behind the first too many. */
function findLatest(tx: BulkTx, importId: ImportId, changesMax: number): Promise<Row[]> {
  return tx.query<Row>(
    `with recursive portion (seq, place, bytes) as (
       (select seq, 1, coalesce(octet_length(before::text), 0)::bigint
        from import_change where import_id = $1 order by seq desc limit 1)
       union all
       select next.seq, place + 1, portion.bytes + next.bytes
       from portion cross join lateral (
         select seq, coalesce(octet_length(before::text), 0)::bigint as bytes
         from import_change where import_id = $1 and seq < portion.seq order by seq desc limit 1) next
       where place < $2 and portion.bytes + next.bytes <= ${portionBytesMax})
     select seq, row_number as "rowNumber", subject, before, at
     from portion join import_change using (seq) where import_id = $1 order by seq desc`,
    [importId, changesMax],
  );
}

/** @throws ImportStateError where it is not to be undone, TemporaryError where another run has gone on with it. */
async function isOver(tx: BulkTx, importId: ImportId, runId: string): Promise<boolean> {
  const [now] = await tx.query<{ status: string; runId: string | null }>(
    `select status::text, run_id as "runId" from import where id = $1 for update`,
    [importId],
  );
  if (now?.status === "undone") return true;
  if (now?.status !== "undoing") throw new ImportStateError(importId, now?.status ?? "gone", "undone any further");
  if (now.runId !== runId) throw overtaken(importId);
  return false;
}

/** What the database does not let go, because something refers to it, is left alone. */
async function undoIsolated(
  tx: BulkTx,
  kind: ImportKind<unknown>,
  { changes, ...context }: { changes: readonly KeptChange[]; importId: ImportId; now: Date },
): Promise<(string | null)[]> {
  if (changes.length === 0) return [];
  await tx.execute("savepoint undo_changes");
  try {
    const reasons = await kind.undo(tx, changes, context);
    await tx.execute("release savepoint undo_changes");
    return reasons;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !error.code?.startsWith("23")) throw error;
    await tx.execute("rollback to savepoint undo_changes");
    if (changes.length === 1) return ["It was not put back, because something refers to it."];
    const half = Math.ceil(changes.length / 2);
    const first = await undoIsolated(tx, kind, { ...context, changes: changes.slice(0, half) });
    return [...first, ...(await undoIsolated(tx, kind, { ...context, changes: changes.slice(half) }))];
  }
}
