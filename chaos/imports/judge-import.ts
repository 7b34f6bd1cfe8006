import { db } from "@/lib/db/client";
import type { ImportId } from "@/lib/ids";
import { reckon } from "./content";
import type { Expected } from "./file";

export type Wrongs = { lost: string[]; doubled: string[]; wrong: string[] };

/** Compares what came of an import with what its file was made to become. */
export async function judgeImport(importId: ImportId, rows: number, expected: Expected): Promise<Wrongs> {
  const wrongs: Wrongs = { lost: [], doubled: [], wrong: [] };
  await judgeRefused(importId, expected, wrongs);
  const is = await reckon();
  for (const name of ["products", "variants", "priceAmount", "onHand"] as const) {
    const sentence = `${name}: ${is[name]} instead of ${expected[name]}`;
    if (is[name] < expected[name]) wrongs.lost.push(sentence);
    if (is[name] > expected[name]) wrongs.doubled.push(sentence);
  }
  if (is.offLedger > 0) wrongs.wrong.push(`the stock of ${is.offLedger} variants is not what moved`);
  const { status, rowsRead, refused } = await db().import.findUniqueOrThrow({ where: { id: importId } });
  if (status !== "completed") wrongs.wrong.push(`the import is ${status}`);
  if (rowsRead !== rows) wrongs.wrong.push(`${rowsRead} rows are counted of ${rows}`);
  if (refused !== expected.bad.length)
    wrongs.wrong.push(`${refused} refused rows are counted of ${expected.bad.length}`);
  return wrongs;
}

async function judgeRefused(importId: ImportId, expected: Expected, { lost, doubled, wrong }: Wrongs): Promise<void> {
  const notes = await db().importReject.findMany({
    where: { importId, severity: "refused" },
    select: { rowNumber: true, reason: true },
  });
  const reasons = new Map<number, string[]>();
  for (const { rowNumber, reason } of notes) reasons.set(rowNumber, [...(reasons.get(rowNumber) ?? []), reason]);
  for (const { rowNumber, kind, reason } of expected.bad) {
    const [said, ...more] = reasons.get(rowNumber) ?? [];
    reasons.delete(rowNumber);
    if (said === undefined) lost.push(`row ${rowNumber} (${kind}) is not refused`);
    else if (!reason.test(said)) wrong.push(`row ${rowNumber} (${kind}) is refused with: ${said}`);
    if (more.length > 0) doubled.push(`row ${rowNumber} (${kind}) is refused ${more.length + 1} times`);
  }
  for (const [rowNumber, [said]] of reasons) lost.push(`row ${rowNumber} is good, and was refused: ${said}`);
}
