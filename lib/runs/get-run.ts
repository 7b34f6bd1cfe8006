import { runs } from "@trigger.dev/sdk";
import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { ofRuns } from "./errors";
import type { RunSummary } from "./list-runs";

export type RunDetails = RunSummary & {
  tags: string[];
  payload: unknown;
  /** The run has ended, well or badly. */
  isOver: boolean;
  attemptCount: number;
};

/** One run as the platform has it now. @throws NotAllowedError, RunNotFoundError, RunsUnavailableError */
export async function getRun({ actor, runId }: { actor: Actor; runId: string }): Promise<RunDetails> {
  requireStaff(actor);
  const run = await ofRuns(runs.retrieve(runId, { retry: { maxAttempts: 1 } }));
  const { id, taskIdentifier, status, createdAt, startedAt, finishedAt, tags, payload, isCompleted, attemptCount } =
    run;
  return {
    id,
    taskIdentifier,
    status,
    createdAt,
    startedAt,
    finishedAt,
    tags,
    payload,
    isOver: isCompleted,
    attemptCount,
  };
}
