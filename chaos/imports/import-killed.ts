import { fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ImportId } from "@/lib/ids";
import { pause } from "../processes";
import type { Random } from "../random";

export type Killed = {
  kills: number;
  runs: number;
  /** Runs that began before what the run before them had told to be stored. */
  wentBack: number;
  /** How a worker ended that was not killed and did not come to the end, each in a sentence. */
  failures: string[];
};

/** Just long enough to come to any moment of a portion: reading, writing, the commit and behind it. */
const delayMsMax = 100;
const portionsMax = 3;

/** Runs an import in processes that are killed, one after the other, until nobody is to be killed any more. */
export async function importKilled(options: {
  importId: ImportId;
  kills: number;
  chunkRows: number;
  random: Random;
  logFile: string;
}): Promise<Killed> {
  const { importId, kills, chunkRows, random, logFile } = options;
  const killed: Killed = { kills: 0, runs: 0, wentBack: 0, failures: [] };
  let stored = 0;
  for (;;) {
    killed.runs += 1;
    const env = {
      ...process.env,
      CHAOS_IMPORT: importId,
      CHAOS_RUN: `run_${killed.runs}`,
      CHAOS_PORTION: String(chunkRows),
    };
    const child = fork(fileURLToPath(new URL("./worker.ts", import.meta.url)), {
      execArgv: ["--import", "tsx"],
      env,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const log = createWriteStream(logFile, { flags: "a" });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    const isToDie = killed.kills < kills;
    let portionsLeft = isToDie ? random.between(0, portionsMax) : Number.POSITIVE_INFINITY;
    let isFirst = true;
    child.on("message", ({ rowsRead }: { rowsRead: number }) => {
      if (isFirst && rowsRead < stored) killed.wentBack += 1;
      isFirst = false;
      stored = Math.max(stored, rowsRead);
      if (portionsLeft-- === 0) void pause(random.between(0, delayMsMax)).then(() => child.kill("SIGKILL"));
    });
    const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
    log.end();
    if (signal === "SIGKILL") killed.kills += 1;
    else if (code === 0) return killed;
    else {
      killed.failures.push(`run ${killed.runs} ended with ${code ?? signal}`);
      if (killed.failures.length > 20) return killed;
    }
  }
}
