import type { Import } from "@/lib/db/generated/client";
import { allowedFrom } from "../import-status";

/** True where it can still be said which column is which: nothing of the file is stored, and nobody reads it now. */
export function canMap({ status, isDryRun, created, updated, unchanged, retryOfId }: MappedImport): boolean {
  if (retryOfId !== null) return false;
  const isNothingStored = isDryRun || created + updated + unchanged === 0;
  return isNothingStored && allowedFrom.map.some((one) => one === status);
}

type MappedImport = Pick<Import, "status" | "isDryRun" | "created" | "updated" | "unchanged" | "retryOfId">;
