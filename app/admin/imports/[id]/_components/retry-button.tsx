"use client";

import { useActionState } from "react";
import type { ImportId } from "@/lib/ids";
import { retryRefusedAction } from "../../actions";

/** Has the refused rows read once more, by an import of their own. Works without JavaScript, too. */
export function RetryButton({ importId }: { importId: ImportId }) {
  const [result, submit, pending] = useActionState(retryRefusedAction, null);
  return (
    <form action={submit} className="flex flex-wrap items-center gap-3">
      <input type="hidden" name="importId" value={importId} />
      <button type="submit" disabled={pending} className="button button-small">
        {pending ? "Starting…" : "Try the refused rows again"}
      </button>
      {result?.ok === false && (
        <p role="alert" className="text-alarm">
          {result.message}
        </p>
      )}
    </form>
  );
}
