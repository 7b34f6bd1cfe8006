"use client";

import { usePolling } from "@/components/use-refresh";

/** Draws the page again every two seconds while something on it is under way. */
export function KeepFresh({ active }: { active: boolean }) {
  usePolling(active, 2_000);
  return null;
}
