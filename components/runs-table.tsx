import Link from "next/link";
import { routes } from "@/lib/routes";
import type { RunSummary } from "@/lib/runs/list-runs";
import { Empty } from "./empty";
import { Moment } from "./moment";
import { durationText, runWords, taskName } from "./run-words";
import { Status } from "./status-light";

/** Runs, newest first. `sentences` are what they say of themselves while somebody watches. */
export function RunsTable({
  runs,
  sentences = {},
  timeZone,
}: {
  runs: RunSummary[];
  sentences?: Record<string, string | undefined>;
  timeZone: string;
}) {
  if (runs.length === 0) return <Empty title="No runs here." />;
  return (
    <div className="overflow-x-auto">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Task</th>
            <th scope="col">Created</th>
            <th scope="col" className="!text-right">
              Duration
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => {
            const { tone, text } = runWords(run.status);
            const { startedAt, finishedAt } = run;
            return (
              <tr key={run.id} data-task={run.taskIdentifier} data-status={run.status}>
                <td>
                  <Status tone={tone}>{text}</Status>
                </td>
                <td>
                  <Link href={routes.adminRun(run.id)} className="link font-medium whitespace-nowrap">
                    {taskName(run.taskIdentifier)}
                  </Link>
                  {sentences[run.id] && <span className="block text-soft">{sentences[run.id]}</span>}
                </td>
                <td className="figure text-xs whitespace-nowrap">
                  <Moment at={run.createdAt} timeZone={timeZone} />
                </td>
                <td className="figure text-right text-xs whitespace-nowrap">
                  {startedAt && finishedAt ? durationText(finishedAt.getTime() - startedAt.getTime()) : "–"}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
