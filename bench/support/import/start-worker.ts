import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ImportId } from "@/lib/ids";
import type { Measured } from "./worker";

export type ImportWorker = {
  import(importId: ImportId): Promise<Measured>;
  /** Lets it end when it is idle. */
  stop(): Promise<void>;
  kill(): void;
};

/** A worker's process of its own, in the environment of this one and these settings. */
export function startImportWorker(settings: Record<string, string> = {}): ImportWorker {
  const child = fork(fileURLToPath(new URL("./worker.ts", import.meta.url)), {
    execArgv: ["--import", "tsx", ...(process.env.BENCH_NODE_OPTIONS ?? "").split(" ").filter(Boolean)],
    env: { ...process.env, ...settings },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  return {
    async import(importId) {
      child.send(importId);
      return Promise.race([answerOf(child), ended(child)]);
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      await once(child, "exit");
    },
    kill: () => void child.kill("SIGKILL"),
  };
}

async function answerOf(child: ChildProcess): Promise<Measured> {
  const [measured] = await once(child, "message");
  return measured as Measured;
}

async function ended(child: ChildProcess): Promise<never> {
  const [code, signal] = await once(child, "exit");
  throw new Error(`The worker ended with ${code ?? signal}.`);
}
