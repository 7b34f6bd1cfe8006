import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import type { ImportId } from "@/lib/ids";
import { endImport } from "./end-import";
import { askForRun, importKey } from "./import-message";
import { isUnderWay, statesUnderWay } from "./import-status";

/** An import whose runs keep vanishing is not worth an eleventh: something in it ends them. */
const runsMax = 10;

/**
 * Starts another run for each import whose run has vanished without a word (its process was killed, say); it goes on
 * where the stored rows end. May be called by several at once and at any time: an import whose run lives, or waits to
 * be sent, is left alone.
 */
export async function resumeImports({
  isRunOver,
  now,
}: {
  isRunOver: (runId: string) => Promise<boolean>;
  now: Date;
}): Promise<{ resumed: number; ended: number }> {
  const waiting = await db().import.findMany({ where: { status: { in: statesUnderWay } } });
  const counts = { resumed: 0, ended: 0 };
  for (const { id, runId, status, failureReason, runsBefore } of waiting) {
    const importId = id as ImportId;
    const messages = await db().outboxMessage.findMany({
      where: { name: "import.start", key: { startsWith: importKey(importId) } },
    });
    if (messages.some((message) => message.sentAt === null)) continue;
    const runIds = new Set([runId, ...messages.map((message) => message.runId)]);
    const alive = await Promise.all([...runIds].map(async (one) => one !== null && !(await isRunOver(one))));
    if (alive.includes(true)) continue;
    // Staff may ask once more for one that could not be put back.
    if (status === "undoing" && failureReason !== null) continue;
    const runs = messages.length - runsBefore;
    if (runs >= runsMax && status === "undoing") {
      await giveUndoUp(importId, runs);
      counts.ended++;
    } else if (runs >= runsMax) {
      const reason = `Its work was broken off ${runs} times. Start it again: what is in stays.`;
      await endImport({ importId, status: "failed", reason, now });
      counts.ended++;
    } else if (await resume(importId, messages.length)) counts.resumed++;
  }
  return counts;
}

async function giveUndoUp(importId: ImportId, count: number): Promise<void> {
  const failureReason = `Putting it back was broken off; its runs were ended ${count} times. Ask for it once more.`;
  await db().import.updateMany({ where: { id: importId, status: "undoing" }, data: { failureReason } });
}

/** Unless it has ended while we looked. */
function resume(importId: ImportId, number: number): Promise<boolean> {
  return transaction(async (tx) => {
    const known = await tx.import.findUniqueOrThrow({ where: { id: importId } });
    if (!isUnderWay(known.status)) return false;
    await askForRun(tx, importId, number);
    return true;
  });
}
