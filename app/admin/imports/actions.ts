"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { action } from "@/app/_server/action";
import { applyDryRun } from "@/lib/imports/apply-dry-run";
import { cancelImport } from "@/lib/imports/cancel-import";
import { mapColumns } from "@/lib/imports/columns/map-columns";
import { needsColumns } from "@/lib/imports/columns/needs-columns";
import { importRunAccess } from "@/lib/imports/import-run-access";
import { queueImport } from "@/lib/imports/queue-import";
import { retryRefused } from "@/lib/imports/retry-refused";
import { ImportAddressInput, ImportIdInput, MapColumnsInput, StartUploadInput } from "@/lib/imports/schema";
import { startUpload } from "@/lib/imports/start-upload";
import { triggerDataImport } from "@/lib/imports/trigger-data-import";
import { undoImport } from "@/lib/imports/undo/undo-import";
import { routes } from "@/lib/routes";

/** Where the browser may put one file, for a new import that waits for it. */
export const startUploadAction = action(StartUploadInput, (input, { actor }) =>
  startUpload({ actor, ...input, now: new Date() }),
);

/** The file is there: read it, or have somebody look at its columns first. Answers the page to go to. */
export const finishUploadAction = action(ImportIdInput, async ({ importId }, { actor }) => {
  if (await needsColumns({ actor, importId })) return routes.adminImportColumns(importId);
  await queueImport({ actor, importId, now: new Date() });
  revalidatePath(routes.adminImports());
  return routes.adminImport(importId);
});

/** These columns say that: read the file so. */
export const mapColumnsAction = action(MapColumnsInput, async (input, { actor }) => {
  await mapColumns({ actor, ...input, now: new Date() });
  revalidatePath(routes.adminImports());
  redirect(routes.adminImport(input.importId));
});

/** The dry run found what it should: now in earnest. */
export const applyDryRunAction = action(ImportIdInput, async ({ importId }, { actor }) => {
  await applyDryRun({ actor, importId, now: new Date() });
  redirect(routes.adminImport(importId));
});

/** Fetch the file under this address and read it; goes to the page of its import. */
export const triggerDataImportAction = action(ImportAddressInput, async (input, { actor }) => {
  const { importId } = await triggerDataImport({ actor, ...input, now: new Date() });
  redirect(routes.adminImport(importId));
});

/** Puts back what it changed, as far as nobody has changed it since. */
export const undoImportAction = action(ImportIdInput, async ({ importId }, { actor }) => {
  await undoImport({ actor, importId, now: new Date() });
  revalidatePath(routes.adminImport(importId));
});

export const cancelImportAction = action(ImportIdInput, async ({ importId }, { actor }) => {
  await cancelImport({ actor, importId, now: new Date() });
  revalidatePath(routes.adminImport(importId));
});

/** Goes to the page of the import that tries the refused rows again. */
export const retryRefusedAction = action(ImportIdInput, async ({ importId }, { actor }) => {
  const retryId = await retryRefused({ actor, importId, now: new Date() });
  revalidatePath(routes.adminImport(importId));
  redirect(routes.adminImport(retryId));
});

/** A token to watch the runs of one import. */
export const importRunAccessAction = action(ImportIdInput, ({ importId }, { actor }) =>
  importRunAccess({ actor, importId }),
);
