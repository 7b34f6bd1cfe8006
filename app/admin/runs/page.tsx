import type { Metadata } from "next";
import Link from "next/link";
import { firstOf, type SearchParams } from "@/app/_server/search-params";
import { requireStaffActor } from "@/app/_server/session";
import { LiveRuns } from "@/components/live-runs";
import { Notice } from "@/components/notice";
import { PageHeading } from "@/components/page-heading";
import { runStatuses, runWords, taskNames, upkeepTasks } from "@/components/run-words";
import { RunsTable } from "@/components/runs-table";
import { routes } from "@/lib/routes";
import { RunsUnavailableError } from "@/lib/runs/errors";
import { listRuns } from "@/lib/runs/list-runs";
import { RunId } from "@/lib/runs/schema";
import { storeRunTag } from "@/lib/runs/tags";
import { getStoreSettings } from "@/lib/store-settings";
import { storeRunAccessAction } from "./actions";

export const metadata: Metadata = { title: "Runs" };

/** Upkeep is shown only when asked for, or there would be nothing else to see. */
const work = Object.keys(taskNames).filter((task) => !upkeepTasks.includes(task));

function tasksOf(choice: string): readonly string[] | undefined {
  if (choice === "all") return undefined;
  if (choice === "upkeep") return upkeepTasks;
  return choice ? [choice] : work;
}

export default async function RunsPage({ searchParams }: { searchParams: SearchParams }) {
  const actor = await requireStaffActor();
  const params = await searchParams;
  const task = firstOf(params.task);
  const after = RunId.safeParse(firstOf(params.after)).data;
  const status = runStatuses.find((known) => known === firstOf(params.status));
  const taskIdentifiers = tasksOf(task);
  const [{ timeZone }, page] = await Promise.all([
    getStoreSettings(),
    listRuns({ actor, status, taskIdentifiers, after }).catch((error: unknown) => {
      if (error instanceof RunsUnavailableError) return error;
      throw error;
    }),
  ]);

  return (
    <>
      <PageHeading title="Runs">
        <form className="flex flex-wrap items-center gap-2 text-sm">
          <select name="task" aria-label="Task" defaultValue={task} className="field field-small !w-auto">
            <option value="">All but upkeep</option>
            <option value="all">All tasks</option>
            <option value="upkeep">Upkeep</option>
            {Object.entries(taskNames).map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
          <select name="status" aria-label="Status" defaultValue={status ?? ""} className="field field-small !w-auto">
            <option value="">Any status</option>
            {runStatuses.map((known) => (
              <option key={known} value={known}>
                {runWords(known).text}
              </option>
            ))}
          </select>
          <button type="submit" className="button button-small">
            Show
          </button>
        </form>
      </PageHeading>
      {page instanceof RunsUnavailableError ? (
        <Notice tone="stopped">{page.publicMessage}</Notice>
      ) : (
        <>
          {after ? (
            // What is new belongs on the first page; here it would push out what was asked for.
            <RunsTable runs={page.runs} timeZone={timeZone} />
          ) : (
            <LiveRuns
              key={`${task} ${status}`}
              tag={storeRunTag}
              requestAccess={storeRunAccessAction}
              createdWithin="1h"
              initial={page.runs}
              filter={{ status, taskIdentifiers }}
              timeZone={timeZone}
            />
          )}
          {(after || page.next) && (
            <nav aria-label="Pages" className="mt-4 flex gap-6 text-sm">
              {after && (
                <Link href={routes.adminRuns()} className="link">
                  Newest
                </Link>
              )}
              {page.next && (
                <Link
                  href={`${routes.adminRuns()}?${new URLSearchParams({ task, status: status ?? "", after: page.next })}`}
                  className="link"
                >
                  Older
                </Link>
              )}
            </nav>
          )}
        </>
      )}
    </>
  );
}
