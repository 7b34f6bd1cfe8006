import { type Actor, requireStaff } from "@/lib/accounts/actor";
import type { Import } from "@/lib/db/generated/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { type ImportId, newId } from "@/lib/ids";
import { ImportNotFoundError, ImportStateError, NothingToRetryError } from "./errors";
import { askForRun } from "./import-message";
import { allowedFrom, isBrokenOff } from "./import-status";
import { noteImportAction } from "./note-import-action";
import { standAlone } from "./refused/same-as-row";
import { Mapping } from "./table/mapping";

/**
 * Starts an import that reads just the rows which this one refused, and answers which it is. (All but second rows of one
 * variant, which would replace the first.) Asking twice is asking once: while a retry is under way or once it came to its
 * end, that one is answered. One that failed or was stopped can be asked for anew.
 *
 * @throws NotAllowedError, ImportNotFoundError, NothingToRetryError, and ImportStateError for one that has not ended.
 */
export async function retryRefused({
  actor,
  importId,
  now,
}: {
  actor: Actor;
  importId: ImportId;
  now: Date;
}): Promise<ImportId> {
  requireStaff(actor);
  return transaction(async (tx) => {
    const known = await tx.import.findUnique({ where: { id: importId } });
    if (!known) throw new ImportNotFoundError(importId);
    if (known.isDryRun) throw new ImportStateError(importId, "a dry run", "tried again");
    if (!allowedFrom.retry.some((status) => status === known.status))
      throw new ImportStateError(importId, known.status, "tried again");
    const rows = await tx.importReject.findFirst({ where: { importId, ...standAlone }, select: { id: true } });
    if (!rows) throw new NothingToRetryError(importId);
    const retryId = await addRetry(tx, known, { createdBy: actor.userId, createdAt: now });
    if (!retryId) return liveRetryOf(tx, importId);
    await askForRun(tx, retryId, 0);
    await noteImportAction(tx, { actor, action: "import.retried", importId, now });
    return retryId;
  });
}

/** Undefined where there is one: the database lets only one of several callers in. */
async function addRetry(
  tx: Tx,
  { id, type, fileName, currency, mapping }: Import,
  by: { createdBy: string; createdAt: Date },
): Promise<ImportId | undefined> {
  const retryId = newId("import");
  const sourceKey = `imports/${retryId}`;
  const { count } = await tx.import.createMany({
    data: [
      {
        id: retryId,
        type,
        fileName,
        currency,
        mapping: Mapping.parse(mapping),
        sourceKey,
        retryOfId: id,
        status: "queued",
        ...by,
      },
    ],
    skipDuplicates: true,
  });
  return count === 1 ? retryId : undefined;
}

async function liveRetryOf(tx: Tx, importId: ImportId): Promise<ImportId> {
  const retries = await tx.import.findMany({ where: { retryOfId: importId }, orderBy: { createdAt: "desc" } });
  const live = retries.find(({ status }) => !isBrokenOff(status));
  // It was broken off between the two statements.
  if (!live) throw new ImportStateError(importId, "being tried again by another import", "tried again just now");
  return live.id as ImportId;
}
