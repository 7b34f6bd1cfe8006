"use client";

import { useEffect } from "react";
import { readProgress } from "@/components/run-words";
import { type TaggedRun, TaggedRuns } from "@/components/tagged-runs";
import { useRefreshOn } from "@/components/use-refresh";
import type { RequestRunAccess } from "@/components/use-run-access";
import type { RunAccess } from "@/lib/runs/run-access";
import { ProgressBar } from "./progress-bar";

type Props = { tag: string; access: RunAccess; request: RequestRunAccess; onConnected: (connected: boolean) => void };

/** The run of one import as it happens. */
export function ImportRun(props: Props) {
  return (
    <TaggedRuns tag={props.tag} access={props.access} request={props.request}>
      {(live) => <Newest {...live} onConnected={props.onConnected} />}
    </TaggedRuns>
  );
}

/** What the newest run says of itself. The counters beside it come from the store, read again at each change. */
function Newest({
  runs,
  connected,
  onConnected,
}: Pick<Props, "onConnected"> & { runs: TaggedRun[]; connected: boolean }) {
  const run = runs[0];
  useEffect(() => onConnected(connected), [connected, onConnected]);
  useRefreshOn(run ? `${run.id}:${run.status}:${JSON.stringify(run.metadata ?? null)}` : "");
  if (!run) return null;
  const { sentence, progress, counts } = readProgress(run.metadata);
  return (
    <>
      <p aria-live="polite" className="mb-2 text-sm text-soft">
        {sentence ?? "Waiting for a worker to take it."}
      </p>
      <ProgressBar
        rows={numberIn(run.metadata, "rows") ?? 0}
        part={progress?.total ? Math.min(1, progress.done / progress.total) : undefined}
        rowsPerSecond={numberIn(run.metadata, "rowsPerSecond")}
        secondsLeft={run.isCompleted ? undefined : numberIn(run.metadata, "secondsLeft")}
        counts={counts}
      />
    </>
  );
}

/** Metadata without trusting its shape. */
function numberIn(metadata: TaggedRun["metadata"], key: string): number | undefined {
  const value = metadata?.[key];
  return typeof value === "number" ? value : undefined;
}
