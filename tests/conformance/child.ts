import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import type { Guard } from "@/local/machine/guard";
import { WORLD_VARIABLE } from "@/local/machine/processes.mjs";

export type Child = {
  /** Resolves with the exit code; 1 when a signal ended it. */
  exited: Promise<number>;
  log: () => string;
  kill: () => Promise<void>;
  stop: () => Promise<void>;
};

export type StartProcess = (args: string[], options: ChildOptions) => Child;

type ChildOptions = {
  cwd: string;
  logFile: string;
  env?: Record<string, string>;
  /** Told of every line it prints, besides the log. */
  onLine?: (line: string) => void;
};

const stopMaxMs = 10_000;

/**
 * Starts Node programs that do not outlive this process, however it ends. They get the caller's PATH and npm's settings
 * and nothing else of its environment.
 */
export function processStarter(world: string, guard: Guard): StartProcess {
  const inherited = Object.entries(process.env).filter(([name]) => /^(PATH|HOME|LANG|npm_config_.*)$/i.test(name));
  return (args, { cwd, logFile, env, onLine }) => {
    const log = openSync(logFile, "a");
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...Object.fromEntries(inherited), NODE_ENV: "development", ...env, [WORLD_VARIABLE]: world },
      detached: true,
      stdio: ["ignore", onLine ? "pipe" : log, onLine ? "pipe" : log],
    });
    if (onLine) tellLines(child, onLine);
    const { pid } = child;
    if (pid) guard.watch(pid, "SIGTERM");
    const exited = new Promise<number>((resolve) => {
      child.once("error", () => resolve(1));
      child.once("close", (code) => resolve(code ?? 1));
    }).finally(() => {
      if (pid) guard.forget(pid);
      closeSync(log);
    });
    return {
      exited,
      log: () => readFileSync(logFile, "utf8"),
      kill: () => end(child, exited, "SIGKILL"),
      stop: () => end(child, exited, "SIGTERM"),
    };
  };
}

function tellLines(child: ChildProcess, onLine: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream?.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    });
  }
}

async function end(child: ChildProcess, exited: Promise<number>, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  const impatience = setTimeout(() => child.kill("SIGKILL"), stopMaxMs);
  await exited;
  clearTimeout(impatience);
}
