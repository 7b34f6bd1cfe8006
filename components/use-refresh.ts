"use client";

import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent } from "react";

const debounceMs = 120;

/** Reads the page again from the server shortly after `signal` has changed: many changes at once are one reading. */
export function useRefreshOn(signal: string): void {
  const router = useRouter();
  const refresh = useEffectEvent(() => router.refresh());
  useEffect(() => {
    if (signal === "") return;
    const timer = setTimeout(() => refresh(), debounceMs);
    return () => clearTimeout(timer);
  }, [signal]);
}

/** Reads the page again every `everyMs` while `active`, as long as somebody can see it. */
export function usePolling(active: boolean, everyMs: number): void {
  const router = useRouter();
  const refresh = useEffectEvent(() => {
    if (!document.hidden) router.refresh();
  });
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => refresh(), everyMs);
    return () => clearInterval(timer);
  }, [active, everyMs]);
}
