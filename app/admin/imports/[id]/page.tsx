import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { z } from "zod";
import { orNotFound } from "@/app/_server/or-not-found";
import { pageOf, type SearchParams } from "@/app/_server/search-params";
import { requireStaffActor } from "@/app/_server/session";
import { Moment } from "@/components/moment";
import { Notice } from "@/components/notice";
import { PageHeading } from "@/components/page-heading";
import { PagesNav } from "@/components/pages-nav";
import { StatusLight } from "@/components/status-light";
import type { ImportId } from "@/lib/ids";
import { canMap } from "@/lib/imports/columns/can-map";
import { getImport } from "@/lib/imports/find-imports";
import { allowedFrom, isUnderWay } from "@/lib/imports/import-status";
import { ImportType } from "@/lib/imports/import-type";
import { importKinds } from "@/lib/imports/kinds/kinds";
import { ImportSample } from "@/lib/imports/samples";
import { ImportIdInput } from "@/lib/imports/schema";
import { routes } from "@/lib/routes";
import { importRunTag } from "@/lib/runs/tags";
import { getStoreSettings } from "@/lib/store-settings";
import { importTitle, importWords } from "../_components/import-words";
import { DryRun } from "./_components/dry-run";
import { ImportFigures } from "./_components/import-figures";
import { ImportLive } from "./_components/import-live";
import { NoteTable } from "./_components/note-table";
import { ProgressBar } from "./_components/progress-bar";
import { RefusedRows } from "./_components/refused-rows";
import { StopButton } from "./_components/stop-button";
import { Undo } from "./_components/undo";

type Props = { params: Promise<{ id: string }>; searchParams: SearchParams };

export const metadata: Metadata = { title: "Import" };

export default async function ImportPage({ params, searchParams }: Props) {
  const actor = await requireStaffActor();
  const asked = ImportIdInput.safeParse({ importId: (await params).id });
  if (!asked.success) notFound();
  const page = pageOf((await searchParams).page);
  const one = await orNotFound(getImport({ actor, importId: asked.data.importId, page }));
  const { timeZone } = await getStoreSettings();
  const { tone, text } = importWords(one.status);
  const importId = one.id as ImportId;

  return (
    <>
      <p className="mb-2 text-sm">
        <Link href={routes.adminImports()} className="link">
          Imports
        </Link>
      </p>
      <PageHeading
        title={
          <span className="flex items-center gap-3 break-all">
            <StatusLight tone={tone} large />
            {importTitle(one)}
          </span>
        }
      >
        <div className="flex items-center gap-4">
          <p role="status" className="font-semibold">
            {text}
          </p>
          {isUnderWay(one.status) && one.status !== "undoing" && <StopButton importId={importId} />}
        </div>
      </PageHeading>
      <p className="text-sm text-soft">
        {importKinds[ImportType.parse(one.type)].title}, prices in {one.currency} ·{" "}
        {one.retryOf ? (
          <>
            <Link href={routes.adminImport(one.retryOf.id as ImportId)} className="link">
              from an earlier import
            </Link>
            , tried again
          </>
        ) : one.sourceUrl ? (
          <span className="break-all">from {withoutQuery(one.sourceUrl)}, asked for</span>
        ) : (
          "uploaded"
        )}{" "}
        <Moment at={one.createdAt} timeZone={timeZone} />
        {one.runId && (
          <>
            {" · "}
            <Link href={routes.adminRun(one.runId)} className="link">
              its run
            </Link>
          </>
        )}
      </p>
      {one.failureReason && (
        <div className="mt-4">
          <Notice tone="stopped">
            {one.failureReason}
            {one.rowsRead > 0 &&
              !one.isDryRun &&
              one.status !== "undoing" &&
              ` ${one.rowsRead.toLocaleString("en-IE")} rows were read: what could be taken of them is in the store and stays there.`}
          </Notice>
        </div>
      )}
      {canMap(one) && (
        <p className="mt-4 text-sm">
          <Link href={routes.adminImportColumns(importId)} className="link">
            Say which column is which
          </Link>{" "}
          {one.status === "uploading" ? "to have the file read." : "and read the file once more."}
        </p>
      )}
      {(isUnderWay(one.status) || one.status === "completed") && (
        <section aria-label="Progress" className="mt-6 border border-line-strong p-4">
          {isUnderWay(one.status) ? (
            <ImportLive importId={importId} tag={importRunTag(importId)} rowsRead={one.rowsRead} />
          ) : (
            <ProgressBar rows={one.rowsRead} part={1} />
          )}
        </section>
      )}
      <ImportFigures figures={one} adjusted={one.adjustedTotal} />
      {one.isDryRun && one.status === "completed" && (
        <DryRun importId={importId} samples={z.array(ImportSample).parse(one.samples)} />
      )}
      {(one.canUndo || one.changesForgottenAt || one.putBack + one.kept > 0) && (
        <Undo
          importId={importId}
          canUndo={one.canUndo}
          isTooLate={one.changesForgottenAt !== null}
          putBack={one.putBack}
          kept={one.kept}
        />
      )}
      {one.notesTotal > 0 && (
        <section aria-labelledby="notes" className="mt-8">
          <h2 id="notes" className="mb-3 text-lg font-semibold">
            Rows to look at
          </h2>
          {one.refused > 0 && (
            <RefusedRows
              importId={importId}
              refused={one.refused}
              canRetry={allowedFrom.retry.some((status) => status === one.status) && !one.isDryRun}
              retry={one.retries.at(-1)}
            />
          )}
          <NoteTable notes={one.notes} />
          <PagesNav
            page={one.page}
            pageCount={one.pageCount}
            hrefOf={(number) => `${routes.adminImport(importId)}?page=${number}`}
          />
        </section>
      )}
    </>
  );
}

/** What stands behind the question mark is often a key. */
function withoutQuery(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}
