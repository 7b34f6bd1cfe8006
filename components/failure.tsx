"use client";

import { StatusLight } from "./status-light";

/** Something broke on our side: what it means and what can be done. The number finds it in the server's log. */
export function Failure({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = typeof error === "object" && error !== null && "digest" in error ? String(error.digest) : undefined;
  return (
    <div role="alert" className="flex max-w-xl flex-col items-start gap-4 py-10">
      <StatusLight tone="stopped" large />
      <h1 className="text-3xl font-bold tracking-tight">This page could not be shown.</h1>
      <p className="text-soft">
        Something went wrong on our side. Nothing you did was lost: what was saved is saved. Try again in a moment.
      </p>
      {digest && <p className="label">Reference {digest}</p>}
      <button type="button" onClick={() => retry()} className="button">
        Try again
      </button>
    </div>
  );
}
