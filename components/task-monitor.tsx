"use client";

import dynamic from "next/dynamic";
import { StatusLight } from "./status-light";

/**
 * A run as it happens: light, words, progress, what it says, how long it takes, what came out or went wrong.
 * Its code (the realtime client) is loaded only where a monitor is shown, and only in the browser.
 */
export const TaskMonitor = dynamic(() => import("./task-monitor-live").then((module) => module.TaskMonitorLive), {
  ssr: false,
  loading: () => (
    <div className="flex items-center gap-3 border border-line px-4 py-3 text-sm text-soft">
      <StatusLight tone="off" />
      Connecting…
    </div>
  ),
});
