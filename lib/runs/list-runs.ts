import { runs } from "@trigger.dev/sdk";
import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { ofRuns } from "./errors";

export type RunSummary = {
  id: string;
  taskIdentifier: string;
  status: string;
  createdAt: Date;
  startedAt?: Date;
  finishedAt?: Date;
};

type RunStatus = NonNullable<Exclude<Parameters<typeof runs.list>[0], string | undefined>["status"]>;

const pageSize = 50;

/**
 * A page of runs, newest first, straight from the task platform. `after` is the `next` of the page before; null there
 * says that this was the last page.
 *
 * @throws NotAllowedError, RunsUnavailableError
 */
export async function listRuns(asked: {
  actor: Actor;
  status?: string;
  taskIdentifiers?: readonly string[];
  tag?: string;
  after?: string;
}): Promise<{ runs: RunSummary[]; next: string | null }> {
  requireStaff(asked.actor);
  const page = await ofRuns(
    runs.list(
      {
        limit: pageSize,
        // The platform refuses a status it does not know, and says so.
        ...(asked.status && { status: asked.status as RunStatus }),
        ...(asked.taskIdentifiers && { taskIdentifier: [...asked.taskIdentifiers] }),
        ...(asked.tag && { tag: asked.tag }),
        ...(asked.after && { after: asked.after }),
      },
      { retry: { maxAttempts: 1 } },
    ),
  );
  return {
    runs: page.data.map(({ id, taskIdentifier, status, createdAt, startedAt, finishedAt }) => ({
      id,
      taskIdentifier,
      status,
      createdAt,
      startedAt,
      finishedAt,
    })),
    next: page.pagination.next ?? null,
  };
}
