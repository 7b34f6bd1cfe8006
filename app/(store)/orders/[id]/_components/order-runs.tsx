"use client";

import { useEffect } from "react";
import { durationText, readProgress, runWords } from "@/components/run-words";
import { Status } from "@/components/status-light";
import { type TaggedRun, TaggedRuns } from "@/components/tagged-runs";
import { TaskMonitor } from "@/components/task-monitor";
import { useRefreshOn } from "@/components/use-refresh";
import type { RequestRunAccess } from "@/components/use-run-access";
import type { RunAccess } from "@/lib/runs/run-access";

type Props = { tag: string; access: RunAccess; request: RequestRunAccess; onConnected: (connected: boolean) => void };

/** What shoppers call the work that follows. */
const names: Record<string, string> = {
  "handle-stripe-webhook": "Payment notice",
  "order-notifications": "Mail to you",
  "fulfill-order": "Packing",
  "refund-order": "Refund",
};

/** The work on one order as it happens. */
export function OrderRuns(props: Props) {
  return (
    <TaggedRuns tag={props.tag} access={props.access} request={props.request}>
      {(live) => <Runs {...props} {...live} />}
    </TaggedRuns>
  );
}

function Runs({ access, request, onConnected, runs, connected }: Props & { runs: TaggedRun[]; connected: boolean }) {
  useEffect(() => onConnected(connected), [connected, onConnected]);
  useRefreshOn(runs.map((run) => `${run.id}:${run.status}:${readProgress(run.metadata).sentence}`).join("|"));
  const main = runs.find((run) => run.taskIdentifier === "process-order");
  const others = runs.filter((run) => run !== main && names[run.taskIdentifier]).reverse();
  if (runs.length === 0) return null;
  return (
    <section aria-labelledby="work" className="mt-8">
      <h2 id="work" className="mb-3 text-lg font-semibold">
        On the shop floor
      </h2>
      {main && (
        <TaskMonitor
          key={main.id}
          runId={main.id}
          accessToken={access.accessToken}
          baseUrl={access.baseUrl}
          renewAccess={request}
          audience="shopper"
          name="Your order"
        />
      )}
      {others.length > 0 && (
        <ul className={`border border-line text-sm ${main ? "border-t-0" : ""}`}>
          {others.map((run) => {
            const { tone, text } = runWords(run.status);
            return (
              <li
                key={run.id}
                className="flex flex-wrap items-center justify-between gap-x-4 border-b border-line px-4 py-2 last:border-b-0"
              >
                <Status tone={tone}>{names[run.taskIdentifier]}</Status>
                <span className="text-soft">
                  {text}
                  {run.startedAt && run.finishedAt && (
                    <span className="figure">
                      {" "}
                      · {durationText(run.finishedAt.getTime() - run.startedAt.getTime())}
                    </span>
                  )}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
