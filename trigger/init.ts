import { tags, tasks } from "@trigger.dev/sdk";
import { env } from "@/lib/env";
import { TemporaryError } from "@/lib/errors";
import { log } from "@/lib/log";
import { storeRunTag } from "@/lib/runs/tags";

// The platform loads this file first in every worker: wrong settings stop it here, with a sentence.
env();

/** Runs that nobody triggered through the outbox (schedules, runs by hand) are the store's too. */
tasks.onStartAttempt("store-tag", async ({ ctx }) => {
  if (ctx.attempt.number > 1 || ctx.run.tags.includes(storeRunTag)) return;
  try {
    await tags.add(storeRunTag);
  } catch (error) {
    // Without it the run is missing from one list; that is no reason not to do the work.
    log.warn("run.tag-failed", { runId: ctx.run.id, reason: error instanceof Error ? error.message : String(error) });
  }
});

/** A vendor said when to come back. Only while there are tries left: then there is a delay to replace. */
tasks.catchError("vendor-pause", ({ error, retryDelayInMs }) => {
  const pauseMs = error instanceof TemporaryError ? error.retryAfterMs : undefined;
  if (pauseMs === undefined || retryDelayInMs === undefined) return undefined;
  return { retryDelayInMs: Math.max(pauseMs, retryDelayInMs) };
});
