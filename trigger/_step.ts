import { AbortTaskRunError } from "@trigger.dev/sdk";
import { DomainError, TemporaryError } from "@/lib/errors";
import { log } from "@/lib/log";
import { relayOutbox } from "@/lib/outbox/relay-outbox";
import { retryDelayMs } from "@/lib/vendor-failures";

/**
 * Every task does its work in here. A refusal ends the run, since trying again gives the same answer; anything else is
 * tried again by the task's settings. Whatever the work put into the outbox is sent afterwards, whether it succeeded or
 * not.
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

/**
 * How long the next try waits, by the table of `lib/vendor-failures.ts`. Without `retryDelayInMs` the task has no tries
 * left, and nothing here gives it more; what is no failure of a vendor's is left to the task's own settings.
 */
export function retryPause(failure: {
  error: unknown;
  retryDelayInMs?: number;
  ctx: { attempt: { number: number } };
}): { retryDelayInMs: number } | undefined {
  const { error, retryDelayInMs: backoffMs, ctx } = failure;
  if (!(error instanceof TemporaryError) || backoffMs === undefined) return undefined;
  const { pace, retryAfterMs: toldMs } = error;
  return { retryDelayInMs: retryDelayMs({ pace, toldMs, attempt: ctx.attempt.number, backoffMs }) };
}

/** What cannot be sent now is sent by the sweep: no reason to fail work that is done. */
async function sendOutbox(): Promise<void> {
  try {
    await relayOutbox({ now: new Date() });
  } catch (error) {
    log.warn("outbox.relay-failed", { reason: error instanceof Error ? error.message : String(error) });
  }
}
