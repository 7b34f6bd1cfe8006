import { AbortTaskRunError } from "@trigger.dev/sdk";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { relayOutbox } from "@/lib/outbox/relay-outbox";

/**
 * Every task does its work in here. A refusal ends the run, since trying again gives the same answer; anything else is
 * tried again by the task's settings, a vendor's wish for a pause honoured (see `init.ts`). Whatever the work put into
 * the outbox is sent afterwards, whether it succeeded or not.
 */
export async function step<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DomainError) throw new AbortTaskRunError(`${error.code}: ${error.message}`);
    throw error;
  } finally {
    await sendOutbox();
  }
}

/** What cannot be sent now is sent by the sweep: no reason to fail work that is done. */
async function sendOutbox(): Promise<void> {
  try {
    await relayOutbox({ now: new Date() });
  } catch (error) {
    log.warn("outbox.relay-failed", { reason: error instanceof Error ? error.message : String(error) });
  }
}
