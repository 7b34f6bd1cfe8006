import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export type Guard = {
  /** Has the process group of `pid` ended, with `signal` first, once this process is gone. */
  watch(pid: number, signal: NodeJS.Signals): void;
  /** To be called when that process has ended. */
  forget(pid: number): void;
  /** Ends every process of the world that is still there, and returns when none is. */
  close(): Promise<void>;
};

/**
 * Starts the process that outlives this one and then ends the world's processes. It holds one end of a pipe; however
 * this process dies, the operating system closes the other. Who does not end within `graceMs` is killed.
 */
export function startGuard(world: string, graceMs = 8_000): Guard {
  const watched = new Map<number, NodeJS.Signals>();
  let closing = false;
  let child = start();

  function start(): ChildProcess {
    const script = fileURLToPath(new URL("guard-process.mjs", import.meta.url));
    const guard = spawn(process.execPath, [script, world, String(graceMs)], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    // A guard that is killed breaks its pipe; the exit below is what we act on.
    guard.stdin.on("error", () => {});
    guard.unref();
    guard.once("exit", () => {
      if (closing) return;
      child = start();
      for (const [pid, signal] of watched) tell({ watch: pid, signal });
    });
    return guard;
  }

  function tell(message: { watch: number; signal: NodeJS.Signals } | { forget: number }): void {
    child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  return {
    watch(pid, signal) {
      watched.set(pid, signal);
      tell({ watch: pid, signal });
    },
    forget(pid) {
      watched.delete(pid);
      tell({ forget: pid });
    },
    close() {
      closing = true;
      return new Promise((resolve) => {
        if (child.exitCode !== null) return resolve();
        child.once("exit", () => resolve());
        child.ref();
        child.stdin?.end();
      });
    },
  };
}
