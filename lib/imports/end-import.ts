import { db } from "@/lib/db/client";
import type { ImportId } from "@/lib/ids";
import { log } from "@/lib/log";
import { allowedFrom } from "./import-status";

/**
 * Marks an import that will not go on by itself, with the reason for people. What it has stored stays. May be
 * repeated: an import that has ended already keeps its end, and with a `runId` one that another run works on goes on.
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
  const { count } = await db().import.updateMany({
    where: { id: importId, runId, status: { in: from } },
    data: { status, failureReason: reason, finishedAt: now },
  });
  if (count === 1) log.warn(`import.${status}`, { importId, reason });
}
