"use client";

import type { RunSummary } from "@/lib/runs/list-runs";
import type { RunAccess } from "@/lib/runs/run-access";
import type { RunFilter } from "./live-runs";
import { readProgress } from "./run-words";
import { RunsTable } from "./runs-table";
import { TaggedRuns } from "./tagged-runs";
import { useRefreshOn } from "./use-refresh";
import type { RequestRunAccess } from "./use-run-access";

const shownMax = 50;

/** The list as the server read it, with every run that is being watched as it is now. */
function merged(initial: RunSummary[], live: RunSummary[], filter: RunFilter): RunSummary[] {
  const byId = new Map([...initial, ...live].map((run) => [run.id, run]));
  return [...byId.values()]
    .filter((run) => !filter.status || run.status === filter.status)
    .filter((run) => !filter.taskIdentifiers || filter.taskIdentifiers.includes(run.taskIdentifier))
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
    .slice(0, Math.max(shownMax, initial.length));
}

type Props = {
  tag: string;
  access: RunAccess;
  request: RequestRunAccess;
  createdWithin?: string;
  initial: RunSummary[];
  filter: RunFilter;
  timeZone: string;
};

export function WatchedRuns({ tag, access, request, createdWithin, initial, filter, timeZone }: Props) {
  return (
    <TaggedRuns tag={tag} access={access} request={request} createdWithin={createdWithin}>
      {({ runs }) => {
        const sentences = Object.fromEntries(runs.map((run) => [run.id, readProgress(run.metadata).sentence]));
        return (
          <>
            <RefreshOnEnds runs={runs} />
            <RunsTable runs={merged(initial, runs, filter)} sentences={sentences} timeZone={timeZone} />
          </>
        );
      }}
    </TaggedRuns>
  );
}

/** What the server drew around the list (an order, say) is drawn again when a run has ended. */
function RefreshOnEnds({ runs }: { runs: RunSummary[] }) {
  useRefreshOn(
    runs
      .filter(({ finishedAt }) => finishedAt)
      .map(({ id }) => id)
      .join("|"),
  );
  return null;
}
