"use client";

import { lazy, Suspense } from "react";
import type { ActionResult } from "@/app/_server/action";
import type { RunSummary } from "@/lib/runs/list-runs";
import type { RunAccess } from "@/lib/runs/run-access";
import { RunsTable } from "./runs-table";
import { type RequestRunAccess, useRunAccess } from "./use-run-access";

const WatchedRuns = lazy(() => import("./watched-runs").then((module) => ({ default: module.WatchedRuns })));

export type RunFilter = { status?: string; taskIdentifiers?: readonly string[] };

/**
 * A list of runs that changes by itself. It is there at once, as the server read it; once the browser may watch the
 * tag, new runs come in at the top and known ones change.
 */
export function LiveRuns({
  tag,
  requestAccess,
  createdWithin,
  initial,
  filter = {},
  timeZone,
}: {
  tag: string;
  requestAccess: () => Promise<ActionResult<RunAccess>>;
  createdWithin?: string;
  initial: RunSummary[];
  filter?: RunFilter;
  timeZone: string;
}) {
  const request: RequestRunAccess = async () => {
    const answer = await requestAccess();
    return answer.ok ? answer.value : undefined;
  };
  const access = useRunAccess(request);
  const still = <RunsTable runs={initial} timeZone={timeZone} />;
  if (!access) return still;
  return (
    <Suspense fallback={still}>
      <WatchedRuns
        key={access.accessToken}
        tag={tag}
        access={access}
        request={request}
        createdWithin={createdWithin}
        initial={initial}
        filter={filter}
        timeZone={timeZone}
      />
    </Suspense>
  );
}
