import { db } from "@/lib/db/client";
import type { Import } from "@/lib/db/generated/client";
import { env } from "@/lib/env";
import type { ImportId } from "@/lib/ids";
import { ImportType } from "@/lib/imports/import-type";
import { importKinds } from "@/lib/imports/kinds/kinds";
import { log } from "@/lib/log";
import { routes } from "@/lib/routes";
import { getStoreSettings } from "@/lib/store-settings";
import { type ImportNoticeFacts, importNoticeMail } from "./import-notice-mail";
import { type SendResult, sendOnce } from "./send-once";

/**
 * Tells the member of staff who started an import that it completed or failed: once per import, however often this is
 * called and however often it ends. Null where there is nobody or nothing to tell: they work here no more, somebody
 * stopped it, or it has been taken up again.
 *
 * @throws TemporaryError and MailRefusedError as `sendOnce`; asking again later is safe.
 */
export async function sendImportNotice({
  importId,
  now,
}: {
  importId: ImportId;
  now: Date;
}): Promise<SendResult | null> {
  const ended = await db().import.findUnique({ where: { id: importId } });
  if (ended?.status !== "completed" && ended?.status !== "failed") return null;
  const { status, createdBy } = ended;
  const starter = await db().user.findFirst({ where: { id: createdBy, role: { in: ["owner", "staff"] } } });
  if (!starter) {
    log.warn("import-notice.nobody-to-mail", { importId });
    return null;
  }
  return sendOnce({
    kind: "import-ended",
    about: { importId },
    recipients: [starter.email],
    render: async () => importNoticeMail(factsOf({ ...ended, status }, (await getStoreSettings()).name)),
    now,
  });
}

function factsOf(ended: Import & Pick<ImportNoticeFacts, "status">, storeName: string): ImportNoticeFacts {
  const { id, startedAt, finishedAt, retryOfId, failureReason } = ended;
  const { status, fileName, rowsRead, created, updated, unchanged, refused } = ended;
  return {
    storeName,
    importUrl: env().STORE_URL + routes.adminImport(id as ImportId),
    kind: importKinds[ImportType.parse(ended.type)].title,
    isRetry: retryOfId !== null,
    reason: failureReason,
    durationMs: startedAt && finishedAt ? finishedAt.getTime() - startedAt.getTime() : null,
    ...{ status, fileName, rowsRead, created, updated, unchanged, refused },
  };
}
