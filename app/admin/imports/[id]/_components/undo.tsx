"use client";

import { useActionState } from "react";
import type { ImportId } from "@/lib/ids";
import { tooLateToUndo } from "@/lib/imports/undo/undo-days";
import { undoImportAction } from "../../actions";

type Props = { importId: ImportId; canUndo: boolean; isTooLate: boolean; putBack: number; kept: number };

/** The button that puts back what an import changed, and what came of it. Works without JavaScript. */
export function Undo({ importId, canUndo, isTooLate, putBack, kept }: Props) {
  const [result, undo, undoing] = useActionState(undoImportAction, null);
  return (
    <section aria-labelledby="undo" className="mt-8">
      <h2 id="undo" className="mb-3 text-lg font-semibold">
        Undo
      </h2>
      {putBack + kept > 0 && (
        <p className="mb-3 text-sm">
          {putBack === 1 ? "One change was" : `${putBack.toLocaleString("en-IE")} changes were`} put back.
          {kept > 0 && ` ${leftText(kept)}`}
        </p>
      )}
      {isTooLate && <p className="text-sm">{tooLateToUndo}</p>}
      {canUndo && (
        <form action={undo} className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <input type="hidden" name="importId" value={importId} />
          <p className="max-w-prose text-sm">
            Everything that this import changed becomes what it was, where nobody has changed it since.
          </p>
          <button type="submit" disabled={undoing} className="button button-small">
            {undoing ? "Starting…" : "Undo this import"}
          </button>
          {result?.ok === false && (
            <p role="alert" className="text-sm text-alarm">
              {result.message}
            </p>
          )}
        </form>
      )}
    </section>
  );
}

function leftText(kept: number): string {
  const what = kept === 1 ? "One was" : `${kept.toLocaleString("en-IE")} were`;
  return `${what} left, because somebody had changed or used it since; the rows below say which.`;
}
