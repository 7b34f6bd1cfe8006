import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { addTallies, emptyTally, printTally, type Tally } from "@/local/launcher/tally";
import { startGuard } from "@/local/machine/guard";
import { createDatabase } from "@/local/postgres/databases";
import { startPostgres } from "@/local/postgres/server";
import { processStarter } from "./child";
import { startLeanHost } from "./lean-host";
import { startServer } from "./server";
import { copySuite, runSuite } from "./suite";

/**
 * `node --import tsx tests/conformance/run.ts <folder of the suite>`: runs the conformance suite in a copy of its folder
 * against the local Trigger.dev server, once with the official command line as the worker and once with the lean host.
 * Ends with the line `N passed, N failed`; the exit code is 1 when a check failed.
 */
async function main(source: string): Promise<Tally> {
  const world = randomBytes(8).toString("hex");
  const guard = startGuard(world);
  const start = processStarter(world, guard);
  const suite = await copySuite(source, start);
  const postgres = await startPostgres({ dataDir: join(suite.folder, "postgres"), port: 0, durable: false });
  guard.watch(postgres.pid, "SIGINT");
  let tally = emptyTally();
  try {
    for (const worker of ["official command line", "lean host"] as const) {
      console.log(`\n── Conformance with the ${worker}`);
      const databaseUrl = await createDatabase(postgres.url, `conformance_${worker.replaceAll(" ", "_")}`);
      const server = await startServer(start, databaseUrl, join(suite.folder, `server ${worker}.log`));
      const host = worker === "lean host" ? await startLeanHost(start, suite, server) : undefined;
      try {
        tally = addTallies(tally, await runSuite(start, suite, server, { ownWorker: host !== undefined }));
      } finally {
        await host?.stop();
        await server.stop();
      }
    }
  } finally {
    await postgres.close();
    await guard.close();
  }
  if (tally.failed === 0) await rm(suite.folder, { recursive: true, force: true });
  else console.log(`\nThe logs are in ${suite.folder}`);
  return tally;
}

const [source] = process.argv.slice(2);
if (!source) throw new Error("Name the folder of the suite.");
// Whoever ends this process ends what it started: the guard does.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));
const tally = await main(source).catch((error: unknown): Tally => {
  console.error(error instanceof Error ? error.message : String(error));
  return { ...emptyTally(), failed: 1, failures: ["the suite"] };
});
printTally(tally);
process.exit(tally.failed === 0 ? 0 : 1);
