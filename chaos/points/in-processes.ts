import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Death, Life, Mortal } from "./mortal";
import type { StepName } from "./steps";

/** What a child is told to do. */
export type Order = { step: { name: StepName; input: unknown; clockMs: number }; death: Death | undefined };

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Dies by SIGKILL: a process of its own does the steps until it is killed, and then the next one does, which is made
 * ready meanwhile. `folder` is where its program is put; its settings are those of this process.
 */
export async function mortalInProcesses(folder: string): Promise<Mortal> {
  const program = await bundle(folder);
  let current = start(program);
  let next = start(program);
  return {
    async live(step, death): Promise<Life> {
      const child = await current;
      const died = once(child, "close").then(() => "died" as const);
      const answer = once(child, "message") as Promise<[Life]>;
      child.send({ step, death } satisfies Order);
      const life = await Promise.race([answer, died]);
      if (life !== "died") return life[0];
      current = next;
      next = start(program);
      const end = ends.get(child);
      const passed = await end?.words;
      if (!passed) throw new Error(`A process ended by itself in ${step.name}: ${(await end?.log)?.slice(-2_000)}`);
      return { passed: JSON.parse(passed) as string[], end: "died" };
    },
    async close() {
      for (const child of await Promise.all([current, next])) {
        child.disconnect();
        await once(child, "exit");
      }
    },
  };
}

/** What a child leaves: the points it passed before it killed itself, and what it said to its log. */
const ends = new WeakMap<ChildProcess, { words: Promise<string>; log: Promise<string> }>();

async function start(program: string): Promise<ChildProcess> {
  const child = fork(program, {
    execArgv: ["--enable-source-maps"],
    stdio: ["ignore", "ignore", "pipe", "ipc", "pipe"],
  });
  ends.set(child, { words: text(child.stdio[4] as Readable), log: text(child.stderr as Readable) });
  await once(child, "message");
  return child;
}

/** One file instead of hundreds, since it is started for every death. Its map gives the points their names. */
async function bundle(folder: string): Promise<string> {
  await symlink(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  const outfile = join(folder, "child.mjs");
  await build({
    entryPoints: [join(root, "chaos/points/child.ts")],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: true,
    sourcesContent: false,
    logLevel: "silent",
    alias: { "@": root.replace(/\/$/, "") },
  });
  return outfile;
}
