import { describeProcess } from "./processes.mjs";

type Link = { pid: number; parent: number };

/**
 * Calls `gone` once when npm, which ran this process, vanishes or anyone between the two (npm starts a shell, and a
 * shell outlives an npm that was killed). Whoever ran npm may go: `nohup npm run demo &` outlives its terminal. So may
 * the parent of a process that npm did not run. Returns how to stop watching.
 */
export function watchParents(gone: () => void, everyMs = 1_000): () => void {
  if (!process.env.npm_lifecycle_event) return () => {};
  const chain = chainToNpm();
  const timer = setInterval(() => {
    if (process.ppid === chain[0]?.parent && chain.slice(1).every(stillLinked)) return;
    clearInterval(timer);
    gone();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

function chainToNpm(): Link[] {
  const chain: Link[] = [{ pid: process.pid, parent: process.ppid }];
  for (let pid = process.ppid; chain.length < 4; ) {
    const found = describeProcess(pid);
    if (!found || found.parent <= 1 || /\b(p?npm|yarn|bun)\b/.test(found.command.split(" -c ")[0] ?? "")) break;
    chain.push({ pid, parent: found.parent });
    pid = found.parent;
  }
  return chain;
}

function stillLinked({ pid, parent }: Link): boolean {
  // A dead parent hands its children to another, so this also sees an npm nobody has waited for yet.
  return describeProcess(pid)?.parent === parent;
}
