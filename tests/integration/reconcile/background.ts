import { perform } from "@/chaos/store/perform";
import { db } from "@/lib/db/client";
import { DomainError } from "@/lib/errors";

/**
 * Does what was put into the outbox, and what that puts there, until nothing is left. What fails counts as a run that
 * failed: the sweeps have to ask for it again.
 */
export async function runBackground(now: Date): Promise<number> {
  for (let count = 0; ; count++) {
    const message = await db().outboxMessage.findFirst({ where: { sentAt: null }, orderBy: { id: "asc" } });
    if (!message) return count;
    await db().outboxMessage.update({
      where: { id: message.id },
      data: { sentAt: now, runId: `run_${message.id}`, attempts: 1 },
    });
    await perform(message, now).catch((error: unknown) => {
      if (!(error instanceof DomainError) && !(error instanceof Error && error.name === "TemporaryError")) throw error;
    });
  }
}
