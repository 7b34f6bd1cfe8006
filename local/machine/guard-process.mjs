// Ends every process of a world when whoever started it is gone, even by kill -9: its standard input is a pipe that
// closes then. Plain JavaScript, started detached as `node guard-process.mjs <world id> <grace in ms>`; reads one JSON object a line:
// {"watch": <pid of a process group>, "signal": "SIGTERM"}, or {"forget": <pid>} once it ended: its number may become a
// stranger's.
import { createInterface } from "node:readline";
import { everyProcessOf, isAlive } from "./processes.mjs";

const world = process.argv[2] ?? "";
/** How long processes may take to end in order before they are killed. */
const graceMs = Number(process.argv[3]);
/** @type {Map<number, NodeJS.Signals>} */
const groups = new Map();

// A terminal that closes, or a Ctrl-C, is the launcher's to answer; this process leaves last.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const { watch, signal, forget } = JSON.parse(line);
  if (watch) groups.set(watch, signal);
  groups.delete(forget);
});
lines.on("close", () => void endAll());

async function endAll() {
  for (const [pid, signal] of groups) send(-pid, signal);
  const deadline = Date.now() + graceMs;
  while (Date.now() < deadline && remaining().length > 0) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  // Twice: a process may have forked another while the first look was taken.
  for (let look = 0; look < 2; look++) {
    for (const pid of groups.keys()) send(-pid, "SIGKILL");
    for (const pid of remaining()) send(pid, "SIGKILL");
  }
  process.exit(0);
}

function remaining() {
  const leaders = [...groups.keys()].filter((pid) => isAlive(-pid));
  return [...new Set([...leaders, ...everyProcessOf(world)])];
}

/** @param {number} pid @param {NodeJS.Signals} signal */
function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}
