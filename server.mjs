// npm start [-- --port N ...]: the built store, as one process of Next for each processor, on one port. What it is told
// besides is `next start`'s.
import cluster from "node:cluster";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

/** More of them would wait for the same database. */
const defaultMax = 4;
/** One that ends sooner than this did not start: its settings are wrong, its port is taken, its build is gone. */
const provenMs = 5_000;
/** So many that did not start, one after the other, end the store; before any has, the first one does. */
const failuresMax = 5;
const pauseMs = 500;

// biome-ignore lint/style/noProcessEnv: no setting of the store's, whose processes read those.
const { WEB_CONCURRENCY: wanted = "" } = process.env;
if (!/^([1-9]\d*)?$/.test(wanted)) {
  console.error("WEB_CONCURRENCY must be a whole number from 1.");
  process.exit(1);
}
const count = wanted ? Number(wanted) : Math.min(availableParallelism(), defaultMax);
let isProven = false;
let isEnding = false;
let failures = 0;

// Each takes its connections itself: what is handed to one that dies would hang until its sender gives up.
cluster.schedulingPolicy = cluster.SCHED_NONE;
cluster.setupPrimary({
  exec: fileURLToPath(new URL("node_modules/next/dist/bin/next", import.meta.url)),
  args: ["start", ...process.argv.slice(2)],
});
fork();
// Not at once, so that what is wrong is said once.
cluster.once("listening", () => {
  for (let n = 1; n < count && !isEnding; n++) fork();
});

function fork() {
  const worker = cluster.fork();
  let hasStarted = false;
  const proving = setTimeout(() => {
    hasStarted = true;
    isProven = true;
    failures = 0;
  }, provenMs);
  worker.once("exit", (code, signal) => {
    clearTimeout(proving);
    if (isEnding) return;
    if (!hasStarted && (!isProven || ++failures >= failuresMax)) {
      process.exitCode = code ?? 1;
      return end("SIGTERM");
    }
    console.error(`Process ${worker.process.pid} of the store ended (${signal ?? `code ${code}`}): another follows.`);
    setTimeout(() => isEnding || fork(), pauseMs * 2 ** failures);
  });
}

/** They answer what they have begun; when the last one is gone nothing keeps this process. */
function end(/** @type {NodeJS.Signals} */ signal) {
  isEnding = true;
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill(signal);
}
for (const signal of /** @type {const} */ (["SIGTERM", "SIGINT"])) process.on(signal, () => end(signal));
