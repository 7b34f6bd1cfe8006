import { describeProcess } from "./processes.mjs";

type Link = { pid: number; parent: number };

/**
 * Calls `gone` once when the process that ran this one vanishes: the parent or, under npm, anyone up to npm itself
 * (npm starts a shell, and a shell outlives an npm that was killed). Returns how to stop watching.
 */
export function watchParents(gone: () => void, everyMs = 1_000): () => void {
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
  if (!process.env.npm_lifecycle_event) return chain;
  for (let pid = process.ppid; chain.length < 4; ) {
    const found = describeProcess(pid);
    // npm's own parent may go: `nohup npm run demo &` outlives its shell.
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
