import { readFile, rm, unlink, writeFile } from "node:fs/promises";
import { describeProcess } from "./processes.mjs";

/** Takes a lock file for this process, or says who has it. The lock of a process that is gone counts as none. */
export async function takeLock(file: string): Promise<{ release: () => Promise<void> } | { holder: number }> {
  for (;;) {
    try {
      await writeFile(file, `${process.pid}\n`, { flag: "wx" });
      return { release: () => unlink(file).catch(() => {}) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = await holderOfLock(file);
    if (holder) return { holder };
    await rm(file, { force: true });
  }
}

/** The process that has the lock, if any. */
export async function holderOfLock(file: string): Promise<number | undefined> {
  const text = await readFile(file, "utf8").catch(() => "");
  const pid = Number.parseInt(text, 10);
  // The number may have gone to a stranger since; ours all have "node" in their command.
  return pid > 0 && /node|npm/.test(describeProcess(pid)?.command ?? "") ? pid : undefined;
}
