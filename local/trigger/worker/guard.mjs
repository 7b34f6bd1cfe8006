// Ends a worker host's run processes when the host is gone, however it went: a process that is busy in a loop of its own
// does not notice that its host has died, and another worker is about to start the same run. Told of process ids on
// standard input: `+PID` and `-PID`, a line each.
import { createInterface } from "node:readline";

const running = new Set();
const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const pid = Number(line.slice(1));
  if (line.startsWith("+")) running.add(pid);
  else running.delete(pid);
});
lines.on("close", () => {
  for (const pid of running) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
});
// Only the end of the host ends the guard.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);
