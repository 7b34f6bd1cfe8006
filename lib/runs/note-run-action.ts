import type { StaffActor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";

/** Keeps who did what to a run. */
export async function noteRunAction(entry: {
  actor: StaffActor;
  action: "run.cancel" | "run.replay";
  runId: string;
  now: Date;
}): Promise<void> {
  const { actor, action, runId, now } = entry;
  await db().auditEntry.create({
    data: { id: newId("audit"), actorId: actor.userId, action, subject: runId, createdAt: now },
  });
}
