import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { orNotFound } from "@/app/_server/or-not-found";
import { requireStaffActor } from "@/app/_server/session";
import { Moment } from "@/components/moment";
import { Notice } from "@/components/notice";
import { PageHeading } from "@/components/page-heading";
import { taskName } from "@/components/run-words";
import { routes } from "@/lib/routes";
import { RunsUnavailableError } from "@/lib/runs/errors";
import { getRun } from "@/lib/runs/get-run";
import { RunId } from "@/lib/runs/schema";
import { getStoreSettings } from "@/lib/store-settings";
import { RunActions } from "./_components/run-actions";
import { RunMonitor } from "./_components/run-monitor";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).id };
}

export default async function RunPage({ params }: Props) {
  const actor = await requireStaffActor();
  const runId = RunId.safeParse((await params).id).data ?? notFound();
  const [{ timeZone }, run] = await Promise.all([
    getStoreSettings(),
    orNotFound(getRun({ actor, runId })).catch((error: unknown) => {
      if (error instanceof RunsUnavailableError) return error;
      throw error;
    }),
  ]);
  if (run instanceof RunsUnavailableError)
    return (
      <>
        <PageHeading title="Run" />
        <Notice tone="stopped">{run.publicMessage}</Notice>
      </>
    );

  return (
    <>
      <p className="mb-2 text-sm">
        <Link href={routes.adminRuns()} className="link">
          Runs
        </Link>
      </p>
      <PageHeading title={taskName(run.taskIdentifier)}>
        <RunActions runId={run.id} isOver={run.isOver} />
      </PageHeading>
      <dl className="sheet mb-4 grid-cols-2 text-sm lg:grid-cols-4">
        <Fact label="Run">
          <span className="figure text-xs break-all">{run.id}</span>
        </Fact>
        <Fact label="Task">
          <span className="figure text-xs">{run.taskIdentifier}</span>
        </Fact>
        <Fact label="Created">
          <Moment at={run.createdAt} timeZone={timeZone} />
        </Fact>
        <Fact label="Attempts">
          <span className="figure">{run.attemptCount}</span>
        </Fact>
      </dl>
      <RunMonitor runId={run.id} />
      <section aria-label="Payload" className="mt-4 border border-line px-4 py-3">
        <h2 className="label">Payload</h2>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre tabIndex={0} className="figure mt-1 max-h-80 overflow-auto text-xs">
          {JSON.stringify(run.payload, null, 2)}
        </pre>
      </section>
      {run.tags.length > 0 && <p className="label mt-3 break-all">Tags: {run.tags.join(", ")}</p>}
    </>
  );
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="px-3 py-2">
      <dt className="label">{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
