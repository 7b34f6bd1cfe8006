import Link from "next/link";
import type { Import } from "@/lib/db/generated/client";
import type { ImportId } from "@/lib/ids";
import { isBrokenOff } from "@/lib/imports/import-status";
import { routes } from "@/lib/routes";
import { importWords } from "../../_components/import-words";
import { RetryButton } from "./retry-button";

type Props = {
  importId: ImportId;
  refused: number;
  /** Unless there is a retry already. */
  canRetry: boolean;
  /** The last import that tried these rows again. */
  retry: Pick<Import, "id" | "status"> | undefined;
};

/** What can be done about the rows that an import refused: mended elsewhere, or tried again when the store has changed. */
export function RefusedRows({ importId, refused, canRetry, retry }: Props) {
  const isNew = canRetry && (!retry || isBrokenOff(retry.status));
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
      {/* Not a <Link>: it is a file, and must not be fetched ahead. */}
      <a href={routes.adminImportRefused(importId)} className="link">
        Download the {refused === 1 ? "refused row" : `${refused.toLocaleString("en-IE")} refused rows`} (CSV)
      </a>
      <span className="text-soft">to mend and import anew</span>
      {retry && (
        <span>
          Tried again:{" "}
          <Link href={routes.adminImport(retry.id as ImportId)} className="link">
            {importWords(retry.status).text.toLowerCase()}
          </Link>
        </span>
      )}
      {isNew && <RetryButton importId={importId} />}
    </div>
  );
}
