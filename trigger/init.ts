import { tags, tasks } from "@trigger.dev/sdk";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { storeRunTag } from "@/lib/runs/tags";
import { retryPause } from "./_step";

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

tasks.catchError("retry-pause", retryPause);
