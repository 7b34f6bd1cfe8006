import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Clears the way for a new server on `folder`: one that a killed process left running is ended (fast shutdown, then
 * SIGKILL), and the pid file of one that is gone is removed, because its number may belong to a stranger by now.
 */
export async function endLeftover(folder: string): Promise<void> {
  const pidFile = join(folder, "postmaster.pid");
  const text = await readFile(pidFile, "utf8").catch(() => undefined);
  if (text === undefined) return;
  const pid = Number.parseInt(text, 10);
  if (isServerOf(pid, folder)) {
    process.kill(pid, "SIGINT");
    if (!(await ended(pid, folder, 10_000))) {
      process.kill(pid, "SIGKILL");
      await ended(pid, folder, 5_000);
    }
  }
  await rm(pidFile, { force: true });
}

async function ended(pid: number, folder: string, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (!isServerOf(pid, folder)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

function isServerOf(pid: number, folder: string): boolean {
  if (!(pid > 1) || process.platform === "win32") return false;
  try {
    const command = commandOf(pid);
    return command.includes("postgres") && command.includes(folder);
  } catch {
    return false;
  }
}

function commandOf(pid: number): string {
  // Slim Linux images have no `ps`; other systems have no /proc.
  return process.platform === "linux"
    ? readFileSync(`/proc/${pid}/cmdline`, "utf8")
    : execFileSync("ps", ["-ww", "-o", "args=", "-p", String(pid)], { encoding: "utf8" });
}
