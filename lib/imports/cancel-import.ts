import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { transaction } from "@/lib/db/transaction";
import type { ImportId } from "@/lib/ids";
import { ImportNotFoundError, ImportStateError } from "./errors";
import { allowedFrom } from "./import-status";
import { noteImportAction } from "./note-import-action";

/**
 * Stops an import: its run ends at the next portion, or with the next bytes of a file that is being fetched. What is
 * stored stays.
 *
 * @throws NotAllowedError, ImportNotFoundError, or ImportStateError for one that has ended.
 */
export async function cancelImport({
  actor,
  importId,
  now,
}: {
  actor: Actor;
  importId: ImportId;
  now: Date;
}): Promise<void> {
  requireStaff(actor);
  await transaction(async (tx) => {
    const { count } = await tx.import.updateMany({
      where: { id: importId, status: { in: allowedFrom.cancel } },
      data: { status: "cancelled", failureReason: `Stopped by ${actor.email}.`, finishedAt: now },
    });
    if (count === 0) {
      const known = await tx.import.findUnique({ where: { id: importId } });
      throw known ? new ImportStateError(importId, known.status, "stopped") : new ImportNotFoundError(importId);
    }
    await noteImportAction(tx, { actor, action: "import.stopped", importId, now });
  });
}
