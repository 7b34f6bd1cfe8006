import { transaction } from "@/lib/db/transaction";
import type { ImportId } from "@/lib/ids";
import { log } from "@/lib/log";
import { askForNotice } from "./import-message";
import { allowedFrom } from "./import-status";

/**
 * Marks an import that will not go on by itself, with the reason for people, and has whoever started it told where it
 * failed. What it has stored stays. May be repeated: an import that has ended already keeps its end, and with a `runId`
 * one that another run works on goes on.
 */
export async function endImport({
  importId,
  runId,
  status,
  reason,
  now,
}: {
  importId: ImportId;
  runId?: string;
  status: "failed" | "cancelled";
  reason: string;
  now: Date;
}): Promise<void> {
  const from = status === "failed" ? allowedFrom.fail : allowedFrom.cancel;
  const count = await transaction(async (tx) => {
    const ended = await tx.import.updateMany({
      where: { id: importId, runId, status: { in: from } },
      data: { status, failureReason: reason, finishedAt: now },
    });
    if (ended.count === 1 && status === "failed") await askForNotice(tx, importId, now);
    return ended.count;
  });
  if (count === 1) log.warn(`import.${status}`, { importId, reason });
}
