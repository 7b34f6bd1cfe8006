import { runs } from "@trigger.dev/sdk";
import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { ofRuns } from "./errors";
import { noteRunAction } from "./note-run-action";

/**
 * Staff have a run done again, as a new run with the same payload; it is noted who did. Safe for every task of the
 * store: each asks first what is done already. Answers the new run's id.
 *
 * @throws NotAllowedError, RunNotFoundError, RunActionRefusedError, RunsUnavailableError
 */
export async function replayRun({ actor, runId, now }: { actor: Actor; runId: string; now: Date }): Promise<string> {
  requireStaff(actor);
  // Tried once: an answer that got lost must not become two runs.
  const { id } = await ofRuns(runs.replay(runId, {}, { retry: { maxAttempts: 1 } }));
  await noteRunAction({ actor, action: "run.replay", runId, now });
  return id;
}
