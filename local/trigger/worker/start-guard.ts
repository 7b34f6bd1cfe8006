import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Sees to it that run processes outlive neither their host nor its right to their runs. */
export type Guard = {
  watch: (pid: number) => void;
  forget: (pid: number) => void;
  /** Whether a process executes a run. */
  setBusy: (pid: number, isBusy: boolean) => void;
  /** Ends all that execute a run after this time, unless it is told another one before. */
  keepFor: (ms: number) => void;
  close: () => void;
};

export function startGuard(): Guard {
  const guard = spawn(process.execPath, [fileURLToPath(new URL("guard-process.mjs", import.meta.url))], {
    stdio: ["pipe", "ignore", "ignore"],
    // A signal to the host's whole group must not end it first.
    detached: true,
  });
  guard.unref();
  guard.on("error", () => undefined);
  guard.stdin.on("error", () => undefined);
  const say = (line: string) => {
    if (guard.stdin.writable) guard.stdin.write(`${line}\n`);
  };
  return {
    watch: (pid) => say(`+${pid}`),
    forget: (pid) => say(`-${pid}`),
    setBusy: (pid, isBusy) => say(`${isBusy ? "!" : "."}${pid}`),
    keepFor: (ms) => say(Number.isFinite(ms) ? `=${Math.max(0, Math.round(ms))}` : "="),
    close: () => guard.stdin.end(),
  };
}
