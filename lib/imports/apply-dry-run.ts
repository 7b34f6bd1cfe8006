import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { isUniqueViolation, transaction } from "@/lib/db/transaction";
import type { ImportId } from "@/lib/ids";
import { asNew } from "./as-new";
import { ImportNotFoundError, ImportStateError } from "./errors";
import { askForRun, countRuns } from "./import-message";
import { allowedFrom } from "./import-status";
import { noteImportAction } from "./note-import-action";

/**
 * Has the file of a dry run imported: the same import begins once more, and writes this time. Asking twice is asking
 * once.
 *
 * @throws NotAllowedError, ImportNotFoundError, or ImportStateError for a dry run that has not come to its end.
 */
export async function applyDryRun({
  actor,
  importId,
  now,
}: {
  actor: Actor;
  importId: ImportId;
  now: Date;
}): Promise<void> {
  requireStaff(actor);
  try {
    await transaction(async (tx) => {
      const { count } = await tx.import.updateMany({
        where: { id: importId, isDryRun: true, status: { in: allowedFrom.apply } },
        data: { isDryRun: false, status: "queued", ...asNew },
      });
      if (count === 0) {
        const known = await tx.import.findUnique({ where: { id: importId } });
        if (!known) throw new ImportNotFoundError(importId);
        if (!known.isDryRun) return;
        throw new ImportStateError(importId, known.status, "imported");
      }
      await tx.importReject.deleteMany({ where: { importId } });
      await askForRun(tx, importId, await countRuns(tx, importId));
      await noteImportAction(tx, { actor, action: "import.started", importId, now });
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new ImportStateError(importId, "completed", "imported while another one reads the same address");
  }
}
