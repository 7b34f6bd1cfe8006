import { AbortTaskRunError } from "@trigger.dev/sdk";
import { DomainError, TemporaryError } from "@/lib/errors";
import { log } from "@/lib/log";
import { relayOutbox } from "@/lib/outbox/relay-outbox";

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
 * Waits at least as long as a vendor asked for. Without `retryDelayInMs` the task has no tries left, and nothing here
 * gives it more.
 */
export function vendorPause(failure: {
  error: unknown;
  retryDelayInMs?: number;
}): { retryDelayInMs: number } | undefined {
  const { error, retryDelayInMs } = failure;
  const pauseMs = error instanceof TemporaryError ? error.retryAfterMs : undefined;
  if (pauseMs === undefined || retryDelayInMs === undefined) return undefined;
  return { retryDelayInMs: Math.max(pauseMs, retryDelayInMs) };
}

/** What cannot be sent now is sent by the sweep: no reason to fail work that is done. */
async function sendOutbox(): Promise<void> {
  try {
    await relayOutbox({ now: new Date() });
  } catch (error) {
    log.warn("outbox.relay-failed", { reason: error instanceof Error ? error.message : String(error) });
  }
}
