import type { Metadata } from "next";
import Link from "next/link";
import { notFound, redirect } from "next/navigation";
import { requireStaffActor } from "@/app/_server/session";
import { Notice } from "@/components/notice";
import { PageHeading } from "@/components/page-heading";
import { DomainError } from "@/lib/errors";
import { type FileColumns, getColumns } from "@/lib/imports/columns/get-columns";
import { ImportNotFoundError, ImportStateError, UnreadableFileError } from "@/lib/imports/errors";
import { ImportIdInput } from "@/lib/imports/schema";
import { routes } from "@/lib/routes";
import { ObjectNotFoundError } from "@/lib/storage/errors";
import { ColumnsForm } from "./_components/columns-form";
import { FirstRows } from "./_components/first-rows";

export const metadata: Metadata = { title: "Columns of a file" };

/** More than anybody would look through. */
const columnsMax = 300;

/** Which column of a file says what, before any of it is read. */
export default async function ColumnsPage({ params }: { params: Promise<{ id: string }> }) {
  const actor = await requireStaffActor();
  const asked = ImportIdInput.safeParse({ importId: (await params).id });
  if (!asked.success) notFound();
  const { importId } = asked.data;
  const file = await getColumns({ actor, importId }).catch((error: unknown) => {
    if (error instanceof ImportNotFoundError) notFound();
    if (error instanceof ImportStateError) redirect(routes.adminImport(importId));
    if (error instanceof UnreadableFileError || error instanceof ObjectNotFoundError) return error;
    throw error;
  });

  const names = file instanceof DomainError ? [] : shownOf(file);

  return (
    <>
      <p className="mb-2 text-sm">
        <Link href={routes.adminImport(importId)} className="link">
          Its import
        </Link>
      </p>
      {file instanceof DomainError ? (
        <>
          <PageHeading title="Columns" />
          <Notice tone="stopped">{file.publicMessage}</Notice>
        </>
      ) : (
        <>
          <PageHeading title={<span className="break-all">Columns of {file.fileName}</span>} />
          {file.isRemembered && (
            <p className="mb-4 max-w-prose text-sm text-soft">
              Filled in as for an earlier file with the same columns. Change what is different this time.
            </p>
          )}
          <ColumnsForm
            importId={importId}
            fields={file.fields}
            names={names}
            example={file.rows[0] ?? []}
            proposal={file.proposal}
          />
          <FirstRows names={names} rows={file.rows} />
        </>
      )}
    </>
  );
}

/** The first columns, and any other that is proposed. */
function shownOf({ names, proposal }: FileColumns): string[] {
  const proposed = new Set(Object.values(proposal.columns));
  return names.filter((name, index) => index < columnsMax || proposed.has(name));
}
