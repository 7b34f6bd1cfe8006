"use client";

import { useActionState } from "react";
import { cancelRunAction, replayRunAction } from "../../actions";

/** Stops a run, or has it done again. */
export function RunActions({ runId, isOver }: { runId: string; isOver: boolean }) {
  const [cancelled, cancel, cancelling] = useActionState(cancelRunAction, null);
  const [replayed, replay, replaying] = useActionState(replayRunAction, null);
  const refusal = [cancelled, replayed].find((result) => result?.ok === false);
  return (
    <div className="flex flex-wrap items-center gap-2">
      {refusal?.ok === false && (
        <p role="alert" className="text-sm text-alarm">
          {refusal.message}
        </p>
      )}
      {!isOver && (
        <form action={cancel}>
          <input type="hidden" name="runId" value={runId} />
          <button type="submit" disabled={cancelling} className="button button-small">
            Cancel run
          </button>
        </form>
      )}
      <form action={replay}>
        <input type="hidden" name="runId" value={runId} />
        <button type="submit" disabled={replaying} className="button button-small">
          Replay
        </button>
      </form>
    </div>
  );
}
