import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import type { ImportId } from "@/lib/ids";
import { headObject } from "@/lib/storage/head-object";
import { ImportNotFoundError, ImportStateError } from "./errors";
import { askForRun } from "./import-message";
import { allowedFrom } from "./import-status";
import { noteImportAction } from "./note-import-action";

/**
 * Asks for an uploaded file to be read. Asking twice is asking once, so a double click is one run.
 *
 * @throws NotAllowedError, ImportNotFoundError, ImportStateError for one that has ended.
 * @throws ObjectNotFoundError where the upload has not arrived.
 */
export async function queueImport({
  actor,
  importId,
  now,
}: {
  actor: Actor;
  importId: ImportId;
  now: Date;
}): Promise<void> {
  requireStaff(actor);
  const known = await db().import.findUnique({ where: { id: importId } });
  if (!known) throw new ImportNotFoundError(importId);
  await headObject(known.sourceKey);
  await transaction(async (tx) => {
    const { count } = await tx.import.updateMany({
      where: { id: importId, status: { in: allowedFrom.queue } },
      data: { status: "queued" },
    });
    if (count === 0) {
      const { status } = await tx.import.findUniqueOrThrow({ where: { id: importId } });
      if (status === "queued" || status === "running" || status === "completed") return;
      throw new ImportStateError(importId, status, "started");
    }
    await askForRun(tx, importId, 0);
    await noteImportAction(tx, { actor, action: "import.started", importId, now });
  });
}
