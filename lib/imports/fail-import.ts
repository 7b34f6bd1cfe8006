import { db } from "@/lib/db/client";
import type { ImportId } from "@/lib/ids";
import { log } from "@/lib/log";
import { allowedFrom } from "./import-status";

/**
 * Marks an import that will not go on by itself, with the reason for people. What it has stored stays. May be
 * repeated: an import that has ended already keeps its end.
 */
export async function failImport({
  importId,
  reason,
  now,
}: {
  importId: ImportId;
  reason: string;
  now: Date;
}): Promise<void> {
  const { count } = await db().import.updateMany({
    where: { id: importId, status: { in: allowedFrom.fail } },
    data: { status: "failed", failureReason: reason, finishedAt: now },
  });
  if (count === 1) log.warn("import.failed", { importId, reason });
}
