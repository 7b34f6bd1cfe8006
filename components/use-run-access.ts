"use client";

import { useEffect, useEffectEvent, useState } from "react";
import type { RunAccess } from "@/lib/runs/run-access";

/** Asks the server for a token that reads certain runs; undefined when it cannot give one just now. */
export type RequestRunAccess = () => Promise<RunAccess | undefined>;

const renewBeforeMs = 5 * 60_000;
const retryAfterMs = 10_000;

/**
 * A token to watch runs with: asked for once the page has come alive (the page itself never waits for the task
 * platform), asked for again while there is none, and renewed five minutes before it ends.
 */
export function useRunAccess(request: RequestRunAccess): RunAccess | undefined {
  const [{ access, failures }, setState] = useState<{ access?: RunAccess; failures: number }>({ failures: 0 });
  const ask = useEffectEvent(request);

  useEffect(() => {
    let left = false;
    const dueInMs = access ? Math.max(0, Date.parse(access.expiresAt) - Date.now() - renewBeforeMs) : 0;
    const timer = setTimeout(
      async () => {
        const fresh = await ask().catch(() => undefined);
        if (left) return;
        setState((before) => (fresh ? { access: fresh, failures: 0 } : { ...before, failures: before.failures + 1 }));
      },
      failures > 0 ? retryAfterMs : dueInMs,
    );
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [access, failures]);

  return access;
}
