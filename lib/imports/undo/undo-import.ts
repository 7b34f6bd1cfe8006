import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { transaction } from "@/lib/db/transaction";
import type { ImportId } from "@/lib/ids";
import { ImportNotFoundError, ImportStateError, NothingToUndoError, TooLateToUndoError } from "../errors";
import { askForRun, countRuns } from "../import-message";
import { allowedFrom } from "../import-status";
import { noteImportAction } from "../note-import-action";

/**
 * Has everything that an import changed put back, as far as nobody has changed it since: its run does it, in portions.
 * Asking twice is asking once, unless the runs that did it have given up.
 *
 * @throws NotAllowedError, ImportNotFoundError, NothingToUndoError, TooLateToUndoError, ImportStateError for one that is
 *   under way or undone.
 */
export async function undoImport({
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
    await tx.$queryRaw`select 1 from import where id = ${importId} for update`;
    const known = await tx.import.findUnique({ where: { id: importId } });
    if (!known) throw new ImportNotFoundError(importId);
    if (known.isDryRun) throw new ImportStateError(importId, "a dry run", "undone");
    if (!allowedFrom.undo.some((status) => status === known.status))
      throw new ImportStateError(importId, known.status, "undone");
    if (known.status === "undoing" && known.failureReason === null) return;
    if (known.changesForgottenAt) throw new TooLateToUndoError(importId);
    const change = await tx.importChange.findFirst({ where: { importId }, select: { seq: true } });
    if (!change) throw new NothingToUndoError(importId);
    const runsBefore = await countRuns(tx, importId);
    await tx.import.update({
      where: { id: importId },
      data: { status: "undoing", runId: null, failureReason: null, runsBefore },
    });
    await askForRun(tx, importId, runsBefore);
    await noteImportAction(tx, { actor, action: "import.undone", importId, now });
  });
}
