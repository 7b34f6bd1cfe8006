"use client";

import { useActionState } from "react";
import type { ImportId } from "@/lib/ids";
import { cancelImportAction } from "../../actions";

/** Stops an import at its next portion. */
export function StopButton({ importId }: { importId: ImportId }) {
  const [result, submit, pending] = useActionState(() => cancelImportAction({ importId }), null);
  return (
    <form action={submit} className="flex items-center gap-3">
      {result?.ok === false && (
        <p role="alert" className="text-sm text-alarm">
          {result.message}
        </p>
      )}
      <button type="submit" disabled={pending} className="button button-small">
        {pending ? "Stopping…" : "Stop import"}
      </button>
    </form>
  );
}
