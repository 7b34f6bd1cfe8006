import { type Actor, requireStaff } from "@/lib/accounts/actor";
import type { ImportId } from "@/lib/ids";
import { accessToTag, type RunAccess } from "@/lib/runs/run-access";
import { importRunTag } from "@/lib/runs/tags";

/** For one hour, watching the runs of this import and nothing else. @throws NotAllowedError */
export async function importRunAccess({ actor, importId }: { actor: Actor; importId: ImportId }): Promise<RunAccess> {
  requireStaff(actor);
  return accessToTag(importRunTag(importId));
}
