import { runs } from "@trigger.dev/sdk";
import { ofRuns, RunNotFoundError } from "./errors";

/** True for a run that has ended, well or badly, and for one the platform knows nothing of (any more). @throws RunsUnavailableError */
export async function isRunOver(runId: string): Promise<boolean> {
  try {
    const run = await ofRuns(runs.retrieve(runId, { retry: { maxAttempts: 1 } }));
    return run.isCompleted;
  } catch (error) {
    if (error instanceof RunNotFoundError) return true;
    throw error;
  }
}
