import type { z } from "zod";
import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { isUniqueViolation, transaction } from "@/lib/db/transaction";
import { checkUrl } from "@/lib/download/check-url";
import { fileNameOf } from "@/lib/download/file-name";
import { type ImportId, newId } from "@/lib/ids";
import { getStoreSettings } from "@/lib/store-settings";
import { askForRun } from "./import-message";
import { statesUnderWay } from "./import-status";
import type { ImportAddressInput } from "./schema";

/**
 * Asks for the file under an address to be fetched and read. While that is under way, asking for the same address again
 * answers the same import, so a double click is one run; afterwards it is a new one.
 *
 * @throws NotAllowedError
 * @throws AddressRefusedError for what is no address of a file on the web.
 */
export async function triggerDataImport({
  actor,
  source,
  type,
  currency,
  allowHttp,
  dryRun,
  now,
}: z.output<typeof ImportAddressInput> & { actor: Actor; now: Date }): Promise<{ importId: ImportId }> {
  requireStaff(actor);
  const url = checkUrl(source, { allowHttp });
  const found = () => db().import.findFirst({ where: { type, sourceUrl: url.href, status: { in: statesUnderWay } } });
  const known = await found();
  if (known) return { importId: known.id as ImportId };

  const importId = newId("import");
  const settings = await getStoreSettings();
  try {
    await transaction(async (tx) => {
      await tx.import.create({
        data: {
          id: importId,
          type,
          fileName: fileNameOf(url),
          sourceUrl: url.href,
          sourceKey: `imports/${importId}`,
          currency: currency ?? settings.currency,
          isDryRun: dryRun,
          status: "queued",
          createdBy: actor.userId,
          createdAt: now,
        },
      });
      await askForRun(tx, importId, 0);
      await tx.auditEntry.create({
        data: {
          id: newId("audit"),
          actorId: actor.userId,
          action: "import.started",
          subject: importId,
          createdAt: now,
        },
      });
    });
  } catch (error) {
    const first = isUniqueViolation(error) ? await found() : null;
    if (!first) throw error;
    return { importId: first.id as ImportId };
  }
  return { importId };
}
