import type { Change } from "@/lib/catalog/describe-changes";
import { type BulkTx, bulkTransaction } from "@/lib/db/bulk-transaction";
import type { ImportId } from "@/lib/ids";
import type { Candidate, RowNote } from "./candidate";
import { ImportStateError } from "./errors";
import { allowedFrom } from "./import-status";
import { insertNotes } from "./insert-notes";
import type { ImportKind } from "./kinds/import-kind";
import { overtaken } from "./overtaken";
import { partsOf } from "./parts-of";
import { changesMax, type ImportSample, samplesMax } from "./samples";
import { saveIsolated } from "./save-isolated";
import { keepChanges, type RowChange } from "./undo/keep-changes";

export type ImportCounts = { created: number; updated: number; unchanged: number; refused: number };

/** Where an import stands: rows of the source whose effects are stored, and what became of them. */
export type Checkpoint = ImportCounts & { rowsRead: number };

/**
 * Stores one portion of an import: its items, what is to be said of its rows, and the checkpoint behind it, all in
 * one transaction. So after any crash the import goes on exactly where the stored rows end.
 *
 * @throws TemporaryError where the import is not where `from` says: another run has gone on with it meanwhile.
 * @throws ImportStateError where it has been stopped.
 */
export async function saveChunk<Item>({
  importId,
  runId,
  kind,
  isDryRun,
  from,
  chunk,
  now,
}: {
  importId: ImportId;
  runId: string;
  kind: ImportKind<Item>;
  /** Then the items are only looked at, and what would become of them is counted and sampled. */
  isDryRun: boolean;
  from: Checkpoint;
  chunk: readonly Candidate<Item>[];
  now: Date;
}): Promise<Checkpoint> {
  return bulkTransaction(async (tx) => {
    let to = from;
    const samples: ImportSample[] = [];
    for (const part of isDryRun ? [chunk] : await partsOf(tx, kind, chunk)) {
      const saved = await savePart(tx, { importId, kind, isDryRun, from: to, part, now });
      to = saved.to;
      samples.push(...saved.samples);
    }
    await moveCheckpoint(tx, { importId, runId, isDryRun, from, to, samples });
    return to;
  });
}

async function savePart<Item>(
  tx: BulkTx,
  options: {
    importId: ImportId;
    kind: ImportKind<Item>;
    isDryRun: boolean;
    from: Checkpoint;
    part: readonly Candidate<Item>[];
    now: Date;
  },
): Promise<{ to: Checkpoint; samples: ImportSample[] }> {
  const { importId, kind, isDryRun, from, part, now } = options;
  const withItem = part.filter(hasItem);
  const items = withItem.map(({ item }) => item);
  const results = isDryRun
    ? await kind.preview(tx, items, { now, importId })
    : await saveIsolated(tx, kind, { items, now, importId });

  const counts = { created: 0, updated: 0, unchanged: 0 };
  const samples: ImportSample[] = [];
  const notes = part.flatMap((candidate) => candidate.notes);
  const changes: RowChange[] = [];
  for (const [index, result] of results.entries()) {
    const candidate = withItem[index] as WithItem<Item>;
    if (result.outcome === "refused") notes.push(...refuseRows(candidate, result.reason));
    else {
      const { outcome } = result;
      if (result.describe && outcome !== "unchanged" && from[outcome] + counts[outcome] < samplesMax)
        samples.push(sampleOf(kind, candidate, { outcome, changes: result.describe() }));
      counts[outcome]++;
      const rowNumber = firstRowOf(candidate);
      for (const change of result.changes ?? []) changes.push({ ...change, rowNumber });
      for (const { part: name, field, reason } of result.adjusted) {
        const rowOfPart = candidate.rowOf?.get(name) ?? firstRowOf(candidate);
        notes.push({ rowNumber: rowOfPart, severity: "adjusted", field, reason });
      }
    }
  }
  await insertNotes(tx, importId, notes);
  await keepChanges(tx, { importId, changes, now });
  const to = {
    rowsRead: part.at(-1)?.lastRow ?? from.rowsRead,
    created: from.created + counts.created,
    updated: from.updated + counts.updated,
    unchanged: from.unchanged + counts.unchanged,
    refused: from.refused + notes.filter((note) => note.severity === "refused").length,
  };
  return { to, samples };
}

type WithItem<Item> = Candidate<Item> & { item: Item };

function hasItem<Item>(candidate: Candidate<Item>): candidate is WithItem<Item> {
  return candidate.item !== undefined;
}

function firstRowOf({ rows, lastRow }: Candidate): number {
  return rows[0]?.rowNumber ?? lastRow;
}

function sampleOf<Item>(
  kind: ImportKind<Item>,
  candidate: WithItem<Item>,
  { outcome, changes }: { outcome: ImportSample["outcome"]; changes: Change[] },
): ImportSample {
  return {
    rowNumber: firstRowOf(candidate),
    ...kind.nameOf(candidate.item),
    outcome,
    changes: changes.slice(0, changesMax),
    more: Math.max(0, changes.length - changesMax),
  };
}

function refuseRows(candidate: Candidate, reason: string): RowNote[] {
  return candidate.rows.map(({ rowNumber, rawRow }) => ({ rowNumber, severity: "refused", reason, rawRow: rawRow() }));
}

async function moveCheckpoint(
  tx: BulkTx,
  move: {
    importId: ImportId;
    runId: string;
    isDryRun: boolean;
    from: Checkpoint;
    to: Checkpoint;
    samples: readonly ImportSample[];
  },
): Promise<void> {
  const { importId, runId, isDryRun, from, to, samples } = move;
  const count = await tx.execute(
    `update import set rows_read = $1, created = $2, updated = $3, unchanged = $4, refused = $5,
       samples = samples || $6::jsonb
     where id = $7 and run_id = $8 and rows_read = $9 and status::text = any($10) and is_dry_run = $11`,
    [
      to.rowsRead,
      to.created,
      to.updated,
      to.unchanged,
      to.refused,
      JSON.stringify(samples),
      importId,
      runId,
      from.rowsRead,
      allowedFrom.progress,
      isDryRun,
    ],
  );
  if (count === 1) return;
  const [now] = await tx.query<{ status: string }>("select status from import where id = $1", [importId]);
  if (now && now.status !== "running") throw new ImportStateError(importId, now.status, "continued");
  throw overtaken(importId);
}
