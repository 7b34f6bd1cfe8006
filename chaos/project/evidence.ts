import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A line of a run's file, or of a limited group's. Appended lines of all processes have one order. */
export type EvidenceLine = {
  what: "begin" | "end" | "overlap";
  run: string;
  attempt: number;
  pid: number;
  /** When the process was started, in the kernel's ticks: with the pid it names one process for good. */
  born: string;
  /** The machine's monotonic clock, the same in all processes. */
  ns: string;
};

const folder = process.env.CHAOS_EVIDENCE ?? ".";
const born = statOf(process.pid).born;

/**
 * Runs an attempt and leaves evidence of it in files, which survive the death of every process.
 *
 * Two attempts of one run are found together like this: each appends its `begin` first and looks at the others' after
 * that. Of two that overlap, the later one therefore sees the earlier one's line, and asks the kernel whether the
 * process that wrote it lives this very moment. That leaves no doubt in either direction: a process that is a zombie or
 * has SIGKILL pending executes nothing any more, and the time at which it was started tells it from another with its
 * number. Not seen is only what the executor does before `begin` and after `end`: no code of the task.
 */
export async function withEvidence<Output>(
  { run, attempt }: { run: { id: string }; attempt: { number: number } },
  work: () => Promise<Output>,
  group?: string,
): Promise<Output> {
  const files = [join(folder, "runs", run.id), ...(group ? [join(folder, "groups", group)] : [])];
  const say = (file: string, what: EvidenceLine["what"]) => {
    const ns = process.hrtime.bigint().toString();
    appendFileSync(
      file,
      `${JSON.stringify({ what, run: run.id, attempt: attempt.number, pid: process.pid, born, ns })}\n`,
    );
  };
  for (const file of files) {
    say(file, "begin");
    if (othersAlive(file, run.id, attempt.number)) say(file, "overlap");
  }
  try {
    return await work();
  } finally {
    for (const file of files) say(file, "end");
  }
}

/** How often this run has begun, by its file. */
export function beginsOf(runId: string): number {
  return linesOf(join(folder, "runs", runId)).filter(({ what }) => what === "begin").length;
}

function othersAlive(file: string, run: string, attempt: number): boolean {
  const open = new Map<string, EvidenceLine>();
  for (const line of linesOf(file)) {
    const key = `${line.run} ${line.attempt} ${line.pid} ${line.born}`;
    if (line.what === "begin") open.set(key, line);
    else if (line.what === "end") open.delete(key);
  }
  open.delete(`${run} ${attempt} ${process.pid} ${born}`);
  return [...open.values()].some((line) => {
    const now = statOf(line.pid);
    return now.born === line.born && now.canRun;
  });
}

export function linesOf(file: string): EvidenceLine[] {
  // What follows the last line's end is still being written.
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as EvidenceLine);
}

function statOf(pid: number): { born: string; canRun: boolean } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const pending = /^ShdPnd:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
    const isDying = (BigInt(`0x${pending}`) & 0x100n) !== 0n;
    return { born: fields[19] ?? "", canRun: !"ZX".includes(fields[0] ?? "X") && !isDying };
  } catch {
    return { born: "", canRun: false };
  }
}
