import { readdirSync, readFileSync } from "node:fs";

/** Children of a process, by /proc. */
export function childrenOf(pid: number): { pid: number; command: string }[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const stat = read(`/proc/${name}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    return parent === pid ? [{ pid: Number(name), command: read(`/proc/${name}/cmdline`).replaceAll("\0", " ") }] : [];
  });
}

export function killNow(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}

/** A process that was killed is gone when its parent has taken its end, or at least when it can do nothing any more. */
export function isGone(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`);
  return stat === "" || "ZX".includes(stat[stat.lastIndexOf(")") + 2] ?? "X");
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
