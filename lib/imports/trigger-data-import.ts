import type { z } from "zod";
import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import type { Import } from "@/lib/db/generated/client";
import { isUniqueViolation, transaction } from "@/lib/db/transaction";
import { checkUrl } from "@/lib/download/check-url";
import { fileNameOf } from "@/lib/download/file-name";
import { type ImportId, newId } from "@/lib/ids";
import { getStoreSettings } from "@/lib/store-settings";
import { AddressUnderWayError } from "./errors";
import { askForRun } from "./import-message";
import { allowedFrom } from "./import-status";
import { noteImportAction } from "./note-import-action";
import type { ImportAddressInput } from "./schema";

/**
 * Asks for the file under an address to be fetched and read. While that is under way, asking for the same address again
 * answers the same import, so a double click is one run; afterwards it is a new one.
 *
 * @throws NotAllowedError
 * @throws AddressUnderWayError where the one under way has prices in another currency, or only one of the two is a dry run.
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
  const wanted = { currency: currency ?? (await getStoreSettings()).currency, isDryRun: dryRun };
  const found = () => db().import.findFirst({ where: { type, sourceUrl: url.href, status: { in: allowedFrom.fail } } });
  const known = await found();
  if (known) return sameAs(wanted, known);

  const importId = newId("import");
  try {
    await transaction(async (tx) => {
      await tx.import.create({
        data: {
          id: importId,
          type,
          fileName: fileNameOf(url),
          sourceUrl: url.href,
          sourceKey: `imports/${importId}`,
          ...wanted,
          status: "queued",
          createdBy: actor.userId,
          createdAt: now,
        },
      });
      await askForRun(tx, importId, 0);
      await noteImportAction(tx, { actor, action: "import.started", importId, now });
    });
  } catch (error) {
    const first = isUniqueViolation(error) ? await found() : null;
    if (!first) throw error;
    return sameAs(wanted, first);
  }
  return { importId };
}

function sameAs(wanted: Pick<Import, "currency" | "isDryRun">, known: Import): { importId: ImportId } {
  if (known.currency !== wanted.currency || known.isDryRun !== wanted.isDryRun) throw new AddressUnderWayError(known);
  return { importId: known.id as ImportId };
}
