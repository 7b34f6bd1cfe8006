"use client";

import { useRealtimeRun } from "@trigger.dev/react-hooks";
import { useEffect, useState } from "react";
import type { RunAccess } from "@/lib/runs/run-access";
import { durationText, readProgress, runWords, taskName } from "./run-words";
import { StatusLight } from "./status-light";

export type TaskMonitorProps = {
  runId: string;
  accessToken: string;
  baseUrl: string;
  /** Mints a fresh token when the platform says that this one has ended. */
  renewAccess?: () => Promise<RunAccess | undefined>;
  /** Shoppers are not shown outputs and errors: those are for staff. */
  audience?: "shopper" | "staff";
  /** What the work is called, where the task's own name would say nothing. */
  name?: string;
};

/** Now, every half second while something runs. */
function useNow(running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}

export function TaskMonitorLive(props: TaskMonitorProps) {
  const { runId, accessToken, baseUrl, renewAccess, audience = "staff" } = props;
  const { run, error } = useRealtimeRun(runId, {
    accessToken,
    baseURL: baseUrl,
    ...(renewAccess && {
      refreshAccessToken: async () => {
        const fresh = await renewAccess();
        if (!fresh) throw new Error("No token to watch this run with.");
        return fresh.accessToken;
      },
    }),
  });
  const isRunning = run?.startedAt !== undefined && run.finishedAt === undefined;
  const now = useNow(isRunning);

  if (!run)
    return (
      <Frame>
        <StatusLight tone={error ? "waiting" : "off"} />
        <p className="text-soft">{error ? "The live view cannot connect just now." : "Connecting…"}</p>
      </Frame>
    );

  const name = props.name ?? taskName(run.taskIdentifier);
  const { tone, text } = runWords(run.status);
  const { sentence, progress, counts } = readProgress(run.metadata);
  const elapsedMs = run.startedAt ? (run.finishedAt?.getTime() ?? now) - run.startedAt.getTime() : undefined;
  return (
    <section aria-label={name} data-run-status={run.status} className="border border-line-strong">
      <div className="flex items-center gap-3 px-4 py-3">
        <StatusLight tone={tone} large />
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span className="font-semibold">{name}</span>
            <span className="text-sm">
              {text}
              {elapsedMs !== undefined && <span className="figure text-soft"> · {durationText(elapsedMs)}</span>}
            </span>
          </p>
          <p aria-live="polite" className="min-h-5 text-sm text-soft">
            {sentence}
          </p>
        </div>
      </div>
      {progress && (
        <div className="px-4 pb-3">
          <progress
            className="meter"
            aria-label="Progress"
            max={progress.total ?? 1}
            {...(progress.total !== undefined ? { value: progress.done } : run.isCompleted ? { value: 1 } : {})}
          />
          <p className="label mt-1 flex flex-wrap gap-x-4">
            <span>
              {progress.done.toLocaleString("en-IE")}
              {progress.total !== undefined && ` of ${progress.total.toLocaleString("en-IE")}`} {progress.unit}
            </span>
            {counts.map(([name, count]) => (
              <span key={name}>
                {count.toLocaleString("en-IE")} {name}
              </span>
            ))}
          </p>
        </div>
      )}
      {audience === "staff" && run.error && (
        <p className="border-t border-line px-4 py-3 text-sm text-alarm">
          {run.error.name && <span className="figure">{run.error.name}: </span>}
          {run.error.message}
        </p>
      )}
      {audience === "staff" && run.output !== undefined && <Output value={run.output} />}
    </section>
  );
}

function Frame({ children }: { children: React.ReactNode }) {
  return <div className="flex items-center gap-3 border border-line px-4 py-3 text-sm">{children}</div>;
}

function Output({ value }: { value: unknown }) {
  return (
    <div className="border-t border-line px-4 py-3">
      <p className="label">Output</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className="figure mt-1 max-h-80 overflow-auto text-xs">
        {JSON.stringify(value, null, 2)}
      </pre>
    </div>
  );
}
