"use client";

import { useRealtimeRunsWithTag } from "@trigger.dev/react-hooks";
import type { ReactNode } from "react";
import type { RunAccess } from "@/lib/runs/run-access";
import type { RequestRunAccess } from "./use-run-access";

export type TaggedRun = ReturnType<typeof useRealtimeRunsWithTag>["runs"][number];

/** The runs that bear a tag, newest first, as they happen. `connected` is false until the platform has answered. */
export function TaggedRuns({
  tag,
  access,
  request,
  createdWithin,
  children,
}: {
  tag: string;
  access: RunAccess;
  request: RequestRunAccess;
  /** Only runs younger than this, such as "1h" or "1d". */
  createdWithin?: string;
  children: (live: { runs: TaggedRun[]; connected: boolean }) => ReactNode;
}) {
  const { runs, error } = useRealtimeRunsWithTag(tag, {
    accessToken: access.accessToken,
    baseURL: access.baseUrl,
    createdAt: createdWithin,
    // Payloads and outputs are not shown in lists, and can be large.
    skipColumns: ["payload", "output"],
    refreshAccessToken: async () => {
      const fresh = await request();
      if (!fresh) throw new Error("No token to watch these runs with.");
      return fresh.accessToken;
    },
  });
  const newestFirst = [...runs].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  return children({ runs: newestFirst, connected: !error && runs.length > 0 });
}
