// graphile-worker with a task that does nothing: what a queue on Postgres costs when nothing is recorded of its jobs.
import { run } from "graphile-worker";

const runner = await run({
  connectionString: process.env.REFERENCE_URL ?? "",
  concurrency: 10,
  pollInterval: 1_000,
  noHandleSignals: true,
  taskList: { noop: () => undefined },
  logger: new (await import("graphile-worker")).Logger(() => () => undefined),
});
process.on("SIGTERM", () => void runner.stop().finally(() => process.exit(0)));
console.log("ready");
await runner.promise;
