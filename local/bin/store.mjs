// npm start [-- --port N ...]: the built store, as one process of Next for each processor. Node hands connections round.
// What it is told besides is `next start`'s.
import cluster from "node:cluster";
import { availableParallelism } from "node:os";
import { inProject } from "./prepare.mjs";

/** More of them would wait for the same database. */
const defaultMax = 4;
/** The first one that ends sooner than this has wrong settings or no port: another would end in the same way. */
const provenMs = 5_000;
const pauseMs = 500;

const given = Number(process.env.WEB_CONCURRENCY);
const count = Number.isInteger(given) && given > 0 ? given : Math.min(availableParallelism(), defaultMax);
let isProven = false;
let isEnding = false;

cluster.setupPrimary({
  exec: inProject("node_modules/next/dist/bin/next"),
  args: ["start", ...process.argv.slice(2)],
});
cluster.fork();
// What is wrong is said once: the others begin when the first one serves.
cluster.once("listening", () => {
  for (let n = 1; n < count; n++) cluster.fork();
  setTimeout(() => {
    isProven = true;
  }, provenMs).unref();
});

cluster.on("exit", ({ process: { pid } }, code, signal) => {
  if (isEnding) return;
  if (!isProven) {
    process.exitCode = code || 1;
    return end("SIGTERM");
  }
  console.error(`Process ${pid} of the store ended (${signal ?? `code ${code}`}): another takes its place.`);
  setTimeout(() => isEnding || cluster.fork(), pauseMs);
});

/** They answer what they have begun; when the last one is gone nothing keeps this process. */
function end(/** @type {NodeJS.Signals} */ signal) {
  isEnding = true;
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill(signal);
}
for (const signal of /** @type {const} */ (["SIGTERM", "SIGINT"])) process.on(signal, () => end(signal));
