import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ImportId } from "@/lib/ids";
import { pause } from "../processes";
import type { Random } from "../random";
import { connectionsLeft, workerName } from "./connections";
import { gaveWayCode } from "./gave-way";

export type Killed = {
  kills: number;
  runs: number;
  /** Runs that gave way to another one that was set beside them. */
  rivals: number;
  /** Runs that began before what the run before them had told to be stored. */
  wentBack: number;
  /** Connections of dead workers that the database still had when it was over. */
  connectionsLeft: number;
  /** How a worker ended that was not killed and did not come to the end, each in a sentence. */
  failures: string[];
};

/** How long a portion may have taken for the kill to come at any moment of the next: reading, writing, the commit. */
const portionMsMax = 100;
const portionsMax = 3;
const failuresMax = 20;

type Options = { importId: ImportId; kills: number; chunkRows: number; random: Random; logFile: string };

/** Hears how far a worker says it is. */
type Hears = (done: number, isFirst: boolean) => void;

/**
 * `portions` after which something is done to a worker: `rival` sets another one beside it, `kill` comes after this `part`
 * of what the last portion took.
 */
type Fate = { deed: "kill" | "rival"; portions: number; part: number };

/**
 * Runs an import, or undoes it, in processes that are killed, one after the other, until nobody is to be killed any more.
 * Beside every fifth another one is set: it takes the import over, and the first has to give way.
 */
export async function importKilled({ kills, random, ...options }: Options): Promise<Killed> {
  const killed: Killed = { kills: 0, runs: 0, rivals: 0, wentBack: 0, connectionsLeft: 0, failures: [] };
  let stored = 0;
  const hears = (done: number, isFirst: boolean) => {
    if (isFirst && done < stored) killed.wentBack += 1;
    stored = Math.max(stored, done);
  };
  let spare: Worker | undefined;
  const take = (): Worker => {
    const worker = spare ?? new Worker({ ...options, hears });
    spare = killed.kills < kills ? new Worker({ ...options, hears }) : undefined;
    return worker;
  };
  const begin = (worker: Worker, { isRival }: { isRival: boolean }): Worker => {
    killed.runs += 1;
    const fate = killed.kills < kills ? fateOf(random, isRival) : undefined;
    worker.begin(`run_${killed.runs}`, fate, () => begin(take(), { isRival: true }));
    return worker;
  };
  const next = async (): Promise<Worker> => {
    const worker = take();
    // The one behind it too, so that it comes while this one is still at it.
    await Promise.all([worker.ready, spare?.ready]);
    return begin(worker, { isRival: false });
  };
  for (let worker = await next(); killed.failures.length <= failuresMax; ) {
    const { code, signal, rival } = await worker.end();
    if (signal === "SIGKILL") killed.kills += 1;
    else if (rival && code === gaveWayCode) killed.rivals += 1;
    else if (code === 0 && !rival) break;
    else if (code !== 0) killed.failures.push(`run ${killed.runs} ended with ${code ?? signal}`);
    worker = rival ?? (await next());
  }
  spare?.kill();
  return { ...killed, connectionsLeft: await connectionsLeft() };
}

/** Nobody is ready to be set beside a rival at once. */
function fateOf(random: Random, isRival: boolean): Fate {
  const deed = random.weighted({ kill: 4, rival: isRival ? 0 : 1 });
  return { deed, portions: random.between(0, portionsMax), part: random.next() };
}

/** A process that waits to be told to begin, and then tells of each portion. */
class Worker {
  /** Resolves when it can be told to begin. */
  readonly ready: Promise<unknown>;
  readonly #child: ChildProcess;
  #portions = 0;
  #portionMs = 0;
  #toldMs = performance.now();
  #onPortion = () => {};
  #rival: Worker | undefined;

  constructor(options: Pick<Options, "importId" | "chunkRows" | "logFile"> & { hears: Hears }) {
    const { importId, chunkRows, logFile, hears } = options;
    const env = { CHAOS_IMPORT: importId, CHAOS_PORTION: String(chunkRows), PGAPPNAME: workerName };
    const child = fork(fileURLToPath(new URL("./worker.ts", import.meta.url)), {
      execArgv: ["--import", "tsx"],
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const log = createWriteStream(logFile, { flags: "a" });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    child.on("close", () => log.end());
    this.ready = Promise.race([once(child, "message"), once(child, "exit")]);
    child.on("message", ({ done }: { done?: number }) => {
      if (done === undefined) return;
      hears(done, this.#portions === 0);
      this.#portions += 1;
      this.#portionMs = Math.min(portionMsMax, performance.now() - this.#toldMs);
      this.#toldMs = performance.now();
      this.#onPortion();
    });
    this.#child = child;
  }

  /** What is to be done to it is done when its time has come; `setRival` sets another one beside it. */
  begin(runId: string, fate: Fate | undefined, setRival: () => Worker): void {
    this.#onPortion = () => {
      if (fate === undefined || this.#portions !== fate.portions + 1) return;
      if (fate.deed === "rival") this.#rival = setRival();
      else void pause(fate.part * this.#portionMs).then(() => this.kill());
    };
    this.#child.send({ runId });
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Waits for its end; `rival` is who was set beside it. */
  async end(): Promise<{ code: number | null; signal: string | null; rival: Worker | undefined }> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, "exit");
    return { code: this.#child.exitCode, signal: this.#child.signalCode, rival: this.#rival };
  }
}
