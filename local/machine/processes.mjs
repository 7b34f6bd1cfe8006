// What the operating system knows about processes. Plain JavaScript: the guard runs without a TypeScript loader.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Every process of a world carries this variable with the world's id, and so does whatever it starts. */
export const WORLD_VARIABLE = "SHOPFLOOR_WORLD";

const linux = process.platform === "linux";

/**
 * Whether the process (or, negative, the process group) exists and is ours to signal or somebody else's.
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/**
 * The pids of all processes whose environment names this world, however deep or detached.
 * @param {string} world
 * @returns {number[]}
 */
export function everyProcessOf(world) {
  if (!world || process.platform === "win32") return [];
  const mark = `${WORLD_VARIABLE}=${world}`;
  if (linux) return pids().filter((pid) => read(`/proc/${pid}/environ`).split("\0").includes(mark));
  // `-E` shows the environment after the command on macOS and the BSDs.
  return ps(["-axEww", "-o", "pid=,command="])
    .split("\n")
    .filter((line) => line.includes(mark))
    .map((line) => Number.parseInt(line, 10));
}

/**
 * The parent of a process and what its command line is; undefined when it is gone.
 * @param {number} pid
 * @returns {{ parent: number, command: string } | undefined}
 */
export function describeProcess(pid) {
  if (process.platform === "win32") return undefined;
  if (linux) {
    // The name in parentheses may hold spaces and parentheses itself; the parent is the second field after it.
    const stat = read(`/proc/${pid}/stat`);
    if (!stat) return undefined;
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z") return undefined;
    return { parent: Number(parent), command: read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim() };
  }
  const [, parent, command] = /^\s*(\d+)\s+(.*)$/m.exec(ps(["-ww", "-o", "ppid=,args=", "-p", String(pid)])) ?? [];
  return parent && command !== undefined ? { parent: Number(parent), command } : undefined;
}

/** @returns {number[]} */
export function pids() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** @param {string[]} args */
function ps(args) {
  try {
    return execFileSync("ps", args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  } catch {
    return "";
  }
}
