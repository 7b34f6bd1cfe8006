"use client";

import { TaskMonitor } from "@/components/task-monitor";
import { useRunAccess } from "@/components/use-run-access";
import { runAccessAction } from "../../actions";

/** The run as it happens, for staff. */
export function RunMonitor({ runId }: { runId: string }) {
  const request = async () => {
    const answer = await runAccessAction({ runId });
    return answer.ok ? answer.value : undefined;
  };
  const access = useRunAccess(request);
  if (!access) return <p className="border border-line px-4 py-3 text-sm text-soft">Connecting…</p>;
  return <TaskMonitor runId={runId} accessToken={access.accessToken} baseUrl={access.baseUrl} renewAccess={request} />;
}
