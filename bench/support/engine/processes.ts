import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks a second: the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

type Stat = { pid: number; parent: number; cpuMs: number };

function readStat(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold anything; numbers follow it.
    const [, parent, , , , , , , , , , user, system, childUser, childSystem] = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ");
    const ticks = [user, system, childUser, childSystem].reduce((sum, part) => sum + Number(part), 0);
    return { pid, parent: Number(parent), cpuMs: (ticks / ticksPerSecond) * 1_000 };
  } catch {
    return undefined;
  }
}

/** Processor time of a process and all below it, with those that have ended. Not a number where there is no /proc. */
export function cpuMsOf(root: number): number {
  try {
    const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (readStat(Number(name)) ?? []) : []));
    const below = (pid: number): number =>
      (all.find((one) => one.pid === pid)?.cpuMs ?? 0) +
      all.filter((one) => one.parent === pid).reduce((sum, one) => sum + below(one.pid), 0);
    return below(root);
  } catch {
    return Number.NaN;
  }
}

/** Memory that a process holds at the moment. */
export function residentMb(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? Number.NaN) / 1024;
  } catch {
    return Number.NaN;
  }
}
