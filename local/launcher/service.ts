import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Guard } from "../machine/guard";

/** One process of a world. */
export type ServiceSpec = {
  name: string;
  command: string;
  args: string[];
  env: Record<string, string | undefined>;
  cwd: string;
  logFile: string;
  uid?: number;
  gid?: number;
  /** What asks it to end in order; SIGTERM unless given. */
  stopSignal?: NodeJS.Signals;
  /** Resolves when the service does its work; given what it logged since this start. */
  ready(log: () => string): Promise<void>;
};

export type Service = { name: string; stop(): Promise<void> };

const STOP_MS = 6_000;
const BACKOFF_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/** A service that ran this long before it died starts again without having to wait longer than the first time. */
const STEADY_MS = 60_000;

/**
 * Starts a service and returns when it is ready. From then on one that dies by itself is started again, with `say` told
 * the end of its log. Throws when it does not get ready the first time.
 */
export async function startService(spec: ServiceSpec, guard: Guard, say: (line: string) => void): Promise<Service> {
  let stopping = false;
  let failures = 0;
  let wake: (() => void) | undefined;
  let current = launch(spec, guard);
  try {
    await readyOrDead(spec, current);
  } catch (error) {
    await end(current.child, spec);
    throw error;
  }
  const watching = keepAlive();

  async function keepAlive(): Promise<void> {
    for (;;) {
      const startedAt = Date.now();
      const how = await current.exited;
      if (stopping) return;
      failures = Date.now() - startedAt > STEADY_MS ? 1 : failures + 1;
      const delayMs = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length) - 1] ?? 0;
      say(`${spec.name} ended by itself (${how}); starting it again. The end of ${spec.logFile}:\n${current.tail()}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, delayMs);
      });
      if (stopping) return;
      current = launch(spec, guard);
      await readyOrDead(spec, current).then(
        () => say(`${spec.name} is back`),
        () => undefined, // It died again: the next turn of the loop says so.
      );
    }
  }

  return {
    name: spec.name,
    async stop() {
      stopping = true;
      wake?.();
      await end(current.child, spec);
      await watching;
    },
  };
}

/** Runs a process of the world to its end. Throws with the end of its log when it fails. */
export async function runOnce(spec: Omit<ServiceSpec, "ready">, guard: Guard): Promise<void> {
  const { exited, tail } = launch({ ...spec, ready: async () => {} }, guard);
  const how = await exited;
  if (how !== "code 0") throw new Error(`${spec.name} failed (${how}). The end of ${spec.logFile}:\n${tail()}`);
}

type Launched = { child: ChildProcess; exited: Promise<string>; log(): string; tail(): string };

function launch(spec: ServiceSpec, guard: Guard): Launched {
  const log = openSync(spec.logFile, "a+");
  const from = fstatSync(log).size;
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    // Next's types insist on NODE_ENV; not every service wants one.
    env: spec.env as NodeJS.ProcessEnv,
    ...(spec.uid !== undefined && { uid: spec.uid, gid: spec.gid }),
    // A group of its own: Ctrl-C reaches only the launcher, and whatever the service starts can be ended with it.
    detached: true,
    stdio: ["ignore", log, log],
  });
  if (child.pid) guard.watch(child.pid, spec.stopSignal ?? "SIGTERM");
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ? `signal ${signal}` : `code ${code}`));
  });
  const since = () => readFrom(log, from);
  void exited.then(() => {
    if (child.pid) guard.forget(child.pid);
    // Its last lines may still be asked for.
    setTimeout(() => closeSync(log), 60_000).unref();
  });
  return { child, exited, log: since, tail: () => since().trimEnd().split("\n").slice(-15).join("\n") };
}

function readFrom(file: number, from: number): string {
  const size = Math.max(0, fstatSync(file).size - from);
  const buffer = Buffer.alloc(size);
  readSync(file, buffer, 0, size, from);
  return buffer.toString("utf8");
}

async function readyOrDead(spec: ServiceSpec, launched: Launched): Promise<void> {
  const died = launched.exited.then((how) => {
    throw new Error(`${spec.name} did not start (${how}). The end of ${spec.logFile}:\n${launched.tail()}`);
  });
  await Promise.race([spec.ready(launched.log), died]).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    if (reason.includes(spec.logFile)) throw error;
    throw new Error(`${spec.name}: ${reason} The end of ${spec.logFile}:\n${launched.tail()}`, { cause: error });
  });
}

async function end(child: ChildProcess, spec: ServiceSpec): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const { pid } = child;
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const impatience = setTimeout(() => signalGroup(pid, "SIGKILL"), STOP_MS);
  child.kill(spec.stopSignal ?? "SIGTERM");
  await exited;
  clearTimeout(impatience);
  // What it had started in its group and left behind.
  signalGroup(pid, "SIGKILL");
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left.
  }
}
