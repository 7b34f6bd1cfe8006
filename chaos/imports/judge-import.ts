import { db } from "@/lib/db/client";
import type { ImportId } from "@/lib/ids";
import { countOffLedger, readStore } from "./content";
import type { Expected, MadeFile } from "./files/made-file";

export type Wrongs = { lost: string[]; doubled: string[]; wrong: string[] };

export const noWrongs = (): Wrongs => ({ lost: [], doubled: [], wrong: [] });

/** Compares what came of an import with what its file was made to become. */
export async function judgeImport(importId: ImportId, { type, rows, expected }: MadeFile): Promise<Wrongs> {
  const wrongs = noWrongs();
  await judgeRefused(importId, expected, wrongs);
  judgeStore(await readStore(type), expected, wrongs);
  const offLedger = await countOffLedger();
  if (offLedger > 0) wrongs.wrong.push(`the stock of ${offLedger} variants is not what moved`);
  const is = await db().import.findUniqueOrThrow({ where: { id: importId } });
  if (is.status !== "completed") wrongs.wrong.push(`the import is ${is.status}: ${is.failureReason ?? ""}`);
  const figures = { rowsRead: rows, refused: expected.bad.length, ...expected.counts };
  for (const [name, wanted] of Object.entries(figures) as [keyof typeof figures, number][])
    if (is[name] !== wanted) wrongs.wrong.push(`${name}: ${is[name]} are counted instead of ${wanted}`);
  return wrongs;
}

/** Looks at an import that was undone while nobody else changed anything. */
export async function judgeUndo(importId: ImportId): Promise<Wrongs> {
  const wrongs = noWrongs();
  const { status, kept } = await db().import.findUniqueOrThrow({ where: { id: importId } });
  if (status !== "undone") wrongs.wrong.push(`the import is ${status} instead of undone`);
  if (kept > 0) wrongs.lost.push(`${kept} changes were not put back`);
  const notes = await db().importReject.count({ where: { importId, severity: "kept" } });
  if (notes > 0) wrongs.wrong.push(`${notes} rows are said to be left as they are`);
  const left = await db().importChange.count({ where: { importId } });
  if (left > 0) wrongs.lost.push(`${left} changes are left to be put back`);
  const offLedger = await countOffLedger();
  if (offLedger > 0) wrongs.wrong.push(`the stock of ${offLedger} variants is not what moved`);
  return wrongs;
}

function judgeStore(is: readonly [string, string][], expected: Expected, { lost, doubled, wrong }: Wrongs): void {
  const missing = new Map(expected.store);
  for (const [key, value] of is) {
    const wanted = missing.get(key);
    if (wanted === undefined) doubled.push(`${key} is there once too often`);
    else if (wanted !== value) wrong.push(`${key} is ${value} instead of ${wanted}`);
    missing.delete(key);
  }
  for (const key of missing.keys()) lost.push(`${key} is not there`);
}

async function judgeRefused(importId: ImportId, expected: Expected, { lost, doubled, wrong }: Wrongs): Promise<void> {
  const notes = await db().importReject.findMany({
    where: { importId, severity: "refused" },
    select: { rowNumber: true, field: true, reason: true },
  });
  const said = new Map<number, typeof notes>();
  for (const note of notes) said.set(note.rowNumber, [...(said.get(note.rowNumber) ?? []), note]);
  for (const { rowNumber, kind, field, reason } of expected.bad) {
    const [note, ...more] = said.get(rowNumber) ?? [];
    said.delete(rowNumber);
    if (note === undefined) lost.push(`row ${rowNumber} (${kind}) is not refused`);
    else if (note.field !== field || !reason.test(note.reason))
      wrong.push(`row ${rowNumber} (${kind}) is refused for ${note.field} with: ${note.reason}`);
    if (more.length > 0) doubled.push(`row ${rowNumber} (${kind}) is refused ${more.length + 1} times`);
  }
  for (const [rowNumber, [note]] of said) lost.push(`row ${rowNumber} is good, and was refused: ${note?.reason}`);
}
