import { db } from "@/lib/db/client";
import type { ImportId } from "@/lib/ids";
import type { Random } from "../random";
import { digestOfMovements, digestOfStore, emptyStore } from "./content";
import type { MadeFile } from "./files/made-file";
import { importKilled, type Killed } from "./import-killed";
import { judgeImport, judgeUndo, type Wrongs } from "./judge-import";
import { importUndisturbed, startImport } from "./start-import";

type Proof = { file: MadeFile; kills: number; chunkRows: number; random: Random; logFile: string };

/**
 * Imports a file twice, undisturbed and by workers that are killed over and over, and looks whether both stores say the
 * same, and what the file was made to say. `undoing` then undoes it in the same way and looks whether the store says what
 * it said before.
 */
export async function proveImport(
  { file, ...options }: Proof,
  { undoing }: { undoing: boolean },
): Promise<{ killed: Killed; undone: Killed | undefined; wrongs: Wrongs }> {
  await emptyStore();
  await importUndisturbed(file.before);
  await importUndisturbed(file);
  const undisturbed = { says: await digestOfStore(), moved: await digestOfMovements() };
  await emptyStore();
  await importUndisturbed(file.before);
  const before = await digestOfStore();

  const importId = await startImport(file);
  const killed = await importKilled({ importId, ...options });
  const wrongs = await judgeImport(importId, file);
  judgeKilled(killed, options.kills, wrongs);
  if ((await digestOfStore()) !== undisturbed.says)
    wrongs.wrong.push("the store does not say what an undisturbed import makes");
  if ((await digestOfMovements()) !== undisturbed.moved)
    wrongs.wrong.push("stock did not move as an undisturbed import moves it");
  if (!undoing) return { killed, undone: undefined, wrongs };

  await askToUndo(importId);
  const undone = await importKilled({ importId, ...options });
  const undoWrongs = await judgeUndo(importId);
  judgeKilled(undone, options.kills, undoWrongs);
  if ((await digestOfStore()) !== before)
    undoWrongs.wrong.push("the store does not say what it said before the import");
  return { killed, undone, wrongs: both(wrongs, undoWrongs) };
}

/** What staff ask for; here nobody is to relay it. */
async function askToUndo(importId: ImportId): Promise<void> {
  await db().import.update({ where: { id: importId }, data: { status: "undoing", runId: null } });
}

function judgeKilled(killed: Killed, kills: number, { doubled, wrong }: Wrongs): void {
  if (killed.wentBack > 0) doubled.push(`${killed.wentBack} runs began before what was stored`);
  if (killed.kills < kills) wrong.push(`it was over after ${killed.kills} kills: give it more --rows`);
  if (killed.connectionsLeft > 0) wrong.push(`${killed.connectionsLeft} connections of dead workers are left`);
  wrong.push(...killed.failures);
}

function both(one: Wrongs, other: Wrongs): Wrongs {
  return {
    lost: [...one.lost, ...other.lost],
    doubled: [...one.doubled, ...other.doubled],
    wrong: [...one.wrong, ...other.wrong],
  };
}
