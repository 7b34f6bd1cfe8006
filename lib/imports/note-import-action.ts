import type { StaffActor } from "@/lib/accounts/actor";
import type { Tx } from "@/lib/db/transaction";
import { type ImportId, newId } from "@/lib/ids";

/** Keeps who did what to an import. */
export async function noteImportAction(
  tx: Tx,
  entry: {
    actor: StaffActor;
    action: "import.started" | "import.stopped" | "import.retried" | "import.undone";
    importId: ImportId;
    now: Date;
  },
): Promise<void> {
  const { actor, action, importId, now } = entry;
  await tx.auditEntry.create({
    data: { id: newId("audit"), actorId: actor.userId, action, subject: importId, createdAt: now },
  });
}
