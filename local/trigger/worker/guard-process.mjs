// Ends a worker host's run processes when the host is gone, however it went: a process that is busy in a loop of its own
// does not notice that its host has died, and another worker is about to start the same run. The same when the host has
// not said in time that its runs are still its own: it may be stopped, or too busy to notice. Told on standard input, a
// line each: `+PID` and `-PID` for each process, `!PID` and `.PID` when it begins and ends a run, and `=MS`, the time that
// is left for runs; `=` for no end.
import { createInterface } from "node:readline";

const running = new Set();
const busy = new Set();
/** @type {NodeJS.Timeout | undefined} */
let timer;
/** @type {NodeJS.Immediate | undefined} */
let looked;

/** @param {Set<number>} pids */
function end(pids) {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
  pids.clear();
}

/** This process may come to it late: then what it was told meanwhile is read first. */
function endUnlessTold() {
  looked = setImmediate(() => end(busy));
}

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const value = Number(line.slice(1));
  switch (line[0]) {
    case "+":
      running.add(value);
      break;
    case "-":
      running.delete(value);
      busy.delete(value);
      break;
    case "!":
      busy.add(value);
      break;
    case ".":
      busy.delete(value);
      break;
    default:
      clearTimeout(timer);
      clearImmediate(looked);
      timer = line === "=" ? undefined : setTimeout(endUnlessTold, value);
  }
});
lines.on("close", () => {
  clearTimeout(timer);
  clearImmediate(looked);
  end(running);
});
// Only the end of the host ends the guard.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);
