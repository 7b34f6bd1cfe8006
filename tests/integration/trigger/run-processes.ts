import { readdirSync, readFileSync } from "node:fs";

/** The run processes of the worker that the running test has started. */
export function runProcesses(): number[] {
  const children = readdirSync("/proc/self/task").flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, "utf8").split(" ").filter(Boolean),
  );
  return children
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("trigger-local-run"))
    .map(Number);
}
