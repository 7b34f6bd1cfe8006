import type { ImportId } from "@/lib/ids";
import { routes } from "@/lib/routes";

/** What can be done about the rows that an import refused. */
export function RefusedRows({ importId, refused }: { importId: ImportId; refused: number }) {
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
      {/* Not a <Link>: it is a file, and must not be fetched ahead. */}
      <a href={routes.adminImportRefused(importId)} className="link">
        Download the {refused === 1 ? "refused row" : `${refused.toLocaleString("en-IE")} refused rows`} (CSV)
      </a>
      <span className="text-soft">Mend the file and import it as a new one.</span>
    </div>
  );
}
