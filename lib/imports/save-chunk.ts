import { Prisma } from "@/lib/db/generated/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { TemporaryError } from "@/lib/errors";
import { type ImportId, newId } from "@/lib/ids";
import type { Candidate, RowNote } from "./candidate";
import { ImportStateError } from "./errors";
import { allowedFrom } from "./import-status";
import { saveIsolated } from "./save-isolated";

export type ImportCounts = { created: number; updated: number; unchanged: number; refused: number };

/** Where an import stands: rows of the source whose effects are stored, and what became of them. */
export type Checkpoint = ImportCounts & { rowsRead: number };

/**
 * Stores one portion of an import: its products, what is to be said of its rows, and the checkpoint behind it, all in
 * one transaction. So after any crash the import goes on exactly where the stored rows end.
 *
 * @throws TemporaryError where the import is not where `from` says: another run has gone on with it meanwhile.
 * @throws ImportStateError where it has been stopped.
 */
export async function saveChunk({
  importId,
  runId,
  from,
  chunk,
  now,
}: {
  importId: ImportId;
  runId: string;
  from: Checkpoint;
  chunk: readonly Candidate[];
  now: Date;
}): Promise<Checkpoint> {
  return transaction(async (tx) => {
    const withProduct = chunk.filter((candidate) => candidate.product !== undefined);
    const products = withProduct.flatMap((candidate) => candidate.product ?? []);
    const results = await saveIsolated(tx, products, { now, importId });

    const counts = { created: 0, updated: 0, unchanged: 0 };
    const notes = chunk.flatMap((candidate) => candidate.notes);
    for (const [index, result] of results.entries()) {
      const candidate = withProduct[index] as Candidate;
      if (result.outcome === "refused") notes.push(...refuseRows(candidate, result.reason));
      else {
        counts[result.outcome]++;
        for (const { optionValues, field, reason } of result.adjusted) {
          const rowNumber = candidate.rowOfVariant.get(JSON.stringify(optionValues)) ?? candidate.lastRow;
          notes.push({ rowNumber, severity: "adjusted", field, reason });
        }
      }
    }
    await insertNotes(tx, importId, notes);
    const to = {
      rowsRead: chunk.at(-1)?.lastRow ?? from.rowsRead,
      created: from.created + counts.created,
      updated: from.updated + counts.updated,
      unchanged: from.unchanged + counts.unchanged,
      refused: from.refused + notes.filter((note) => note.severity === "refused").length,
    };
    await moveCheckpoint(tx, { importId, runId, from, to });
    return to;
  });
}

function refuseRows(candidate: Candidate, reason: string): RowNote[] {
  return candidate.rows.map(({ rowNumber, rawRow }) => ({ rowNumber, severity: "refused", reason, rawRow }));
}

async function moveCheckpoint(
  tx: Tx,
  { importId, runId, from, to }: { importId: ImportId; runId: string; from: Checkpoint; to: Checkpoint },
): Promise<void> {
  const { count } = await tx.import.updateMany({
    where: { id: importId, runId, rowsRead: from.rowsRead, status: { in: allowedFrom.progress } },
    data: to,
  });
  if (count === 1) return;
  const { status } = await tx.import.findUniqueOrThrow({ where: { id: importId } });
  if (status !== "running") throw new ImportStateError(importId, status, "continued");
  throw new TemporaryError({
    vendor: "import",
    message: `Another run has gone on with ${importId}; this one looks again.`,
  });
}

/**
 * Postgres keeps neither NUL nor half of a surrogate pair, and a refused row may well have been refused for one. In
 * JSON as JSON.stringify writes it both stand as escapes, in names as in values.
 */
const storable = (json: string): string =>
  json.replace(/\\(?:u0000|ud[89a-f]..|.)/g, (escaped) => (/^\\u(0000|d)/.test(escaped) ? "\ufffd" : escaped));

async function insertNotes(tx: Tx, importId: ImportId, notes: readonly RowNote[]): Promise<void> {
  if (notes.length === 0) return;
  const rows = notes.map((note) => ({
    id: newId("importReject"),
    import_id: importId,
    row_number: note.rowNumber,
    severity: note.severity,
    field: note.field ?? null,
    reason: note.reason,
    raw_row: note.rawRow ?? null,
  }));
  const json = storable(JSON.stringify(rows));
  await tx.$executeRaw(Prisma.sql`
    insert into import_reject select * from json_populate_recordset(null::import_reject, ${json}::json)`);
}
