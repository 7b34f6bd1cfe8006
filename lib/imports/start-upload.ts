import type { z } from "zod";
import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { type ImportId, newId } from "@/lib/ids";
import { type PresignedUpload, presignUpload } from "@/lib/storage/presign-upload";
import { getStoreSettings } from "@/lib/store-settings";
import type { ImportType } from "./import-type";
import type { StartUploadInput } from "./schema";

/** Enough for 5 GB at a megabyte a second. */
const uploadSeconds = 90 * 60;

/**
 * Notes an import that is to come and allows one file of exactly this size to be uploaded for it.
 * Nothing is read before `queueImport`. A dry run only looks what the file would change.
 *
 * @throws NotAllowedError
 */
export async function startUpload({
  actor,
  type = "products",
  fileName,
  sizeBytes,
  currency,
  dryRun = false,
  now,
}: Omit<z.output<typeof StartUploadInput>, "dryRun" | "type"> & {
  type?: ImportType;
  dryRun?: boolean;
  actor: Actor;
  now: Date;
}): Promise<{
  importId: ImportId;
  upload: PresignedUpload;
}> {
  requireStaff(actor);
  const importId = newId("import");
  const key = `imports/${importId}`;
  const upload = await presignUpload({
    key,
    // The file's content is looked at instead of its type, and a type that no browser renders is the safest to keep.
    contentType: "application/octet-stream",
    sizeBytes,
    expiresInSeconds: uploadSeconds,
    now,
  });
  await db().import.create({
    data: {
      id: importId,
      type,
      fileName,
      sourceKey: key,
      currency: currency ?? (await getStoreSettings()).currency,
      isDryRun: dryRun,
      createdBy: actor.userId,
      createdAt: now,
    },
  });
  return { importId, upload };
}
