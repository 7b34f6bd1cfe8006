"use client";

import { useActionState, useId } from "react";
import { resolveFindingAction } from "../actions";

/** Where staff say what they did about a finding, so that it is not raised again. */
export function ResolveForm({ findingId }: { findingId: string }) {
  const [resolved, resolve, resolving] = useActionState(resolveFindingAction, null);
  const failure = resolved?.ok === false ? resolved : undefined;
  const noteId = useId();
  return (
    <details className="border border-line-strong text-sm" open={Boolean(failure)}>
      <summary className="cursor-pointer px-3 py-1.5 font-semibold">Resolve…</summary>
      <form action={resolve} noValidate className="w-72 max-w-full space-y-2 border-t border-line p-3">
        <input type="hidden" name="findingId" value={findingId} />
        <label htmlFor={noteId} className="block">
          What was done about it
        </label>
        <textarea
          id={noteId}
          name="note"
          rows={2}
          maxLength={500}
          required
          defaultValue={failure?.values.note}
          aria-invalid={failure ? true : undefined}
          className="field text-sm"
        />
        {failure && (
          <p role="alert" className="text-alarm">
            {failure.message}
          </p>
        )}
        <button type="submit" disabled={resolving} className="button button-small">
          Mark as resolved
        </button>
      </form>
    </details>
  );
}
