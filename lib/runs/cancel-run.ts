import { runs } from "@trigger.dev/sdk";
import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { ofRuns } from "./errors";
import { noteRunAction } from "./note-run-action";

/**
 * Staff stop a run; it is noted who did. What the run has done so far stays done. A run that is over stays as it is.
 *
 * @throws NotAllowedError, RunNotFoundError, RunActionRefusedError, RunsUnavailableError
 */
export async function cancelRun({ actor, runId, now }: { actor: Actor; runId: string; now: Date }): Promise<void> {
  requireStaff(actor);
  await ofRuns(runs.cancel(runId, { retry: { maxAttempts: 1 } }));
  await noteRunAction({ actor, action: "run.cancel", runId, now });
}
