import { chmod, cp, mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addTallies, afterRerun, emptyTally, type Tally } from "@/local/launcher/tally";
import type { StartProcess } from "./child";
import type { ServerUnderTest } from "./server";

/** A copy of the suite with its packages installed, in a folder that goes when all is well. */
export type Suite = { folder: string; copy: string; project: string };

export async function copySuite(source: string, start: StartProcess): Promise<Suite> {
  const folder = await mkdtemp(join(tmpdir(), "shopfloor-conformance-"));
  // PostgreSQL may run as another user, and keeps its data below.
  await chmod(folder, 0o711);
  const copy = join(folder, "suite");
  await cp(source, copy, { recursive: true, filter: (path) => !/[\\/](node_modules|\.trigger)$/.test(path) });
  await makeWritable(copy);
  console.log("\n── Conformance: installing the suite's packages");
  const installing = start([npm(), "ci", "--no-audit", "--no-fund"], { cwd: copy, logFile: join(folder, "npm.log") });
  if ((await installing.exited) !== 0)
    throw new Error(`The suite's packages could not be installed:\n${installing.log()}`);
  return { folder, copy, project: join(copy, "project") };
}

/** The suite may lie where nobody may write, and a copy keeps that. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeWritable(path);
    else await chmod(path, 0o644);
  }
}

/** npm's own program; the one that runs this, or the one beside Node. */
function npm(): string {
  return process.env.npm_execpath ?? join(process.execPath, "../../lib/node_modules/npm/bin/npm-cli.js");
}

/**
 * The checks of the hooks start a browser's DOM each and then follow a run of a few seconds: four at a time on two
 * processors, some would come when that run is over.
 */
const passes = [
  { group: "^(?!react hooks)", jobs: "4" },
  { group: "^react hooks", jobs: "2" },
];

/**
 * A few checks look whether something has not happened yet, or has been seen in time; beside others on a busy machine
 * they come too late. So a few that failed are run once more, without neighbours. What fails then has failed. Some quick
 * checks go before them: a client's very first calls take longer than a run needs to begin.
 */
const againMax = 3;
const warmUp = "trigger: .* arrives unchanged .*";

export async function runSuite(
  start: StartProcess,
  suite: Suite,
  server: ServerUnderTest,
  { ownWorker }: { ownWorker: boolean },
): Promise<Tally> {
  const run = (flags: string[]) =>
    runChecks(start, suite, [
      ...["run.mjs", "--restart-cmd", server.restartCommand, "--api-url", server.url, "--secret-key", server.secretKey],
      ...["--access-token", server.accessToken, "--project-ref", server.projectRef],
      ...(ownWorker ? ["--no-worker"] : []),
      ...flags,
    ]);
  let sum = emptyTally();
  for (const { group, jobs } of passes) {
    const tally = await run(["--group", group, "--jobs", jobs]);
    sum = addTallies(sum, canBeRunAgain(tally) ? afterRerun(tally, await runAgain(run, tally.failures)) : tally);
  }
  return sum;
}

/** Those of the given checks that fail again. */
async function runAgain(run: (flags: string[]) => Promise<Tally>, failures: string[]): Promise<string[]> {
  console.log(`  # Once more, without neighbours: ${failures.join("; ")}`);
  const names = failures.map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  const again = await run(["--only", `^(${[warmUp, ...names].join("|")})$`, "--jobs", "1"]);
  return again.failed > again.failures.length ? failures : failures.filter((name) => again.failures.includes(name));
}

/** Only what has a name can be run by it. */
function canBeRunAgain({ failed, failures }: Tally): boolean {
  return failed > 0 && failures.length === failed && failed <= againMax;
}

async function runChecks(start: StartProcess, suite: Suite, args: string[]): Promise<Tally> {
  const tally = emptyTally();
  const run = start(args, {
    cwd: suite.copy,
    logFile: join(suite.folder, "suite.log"),
    onLine: (line) => {
      console.log(`  ${line}`);
      const [, name] = /^not ok - (.*) \([\d.]+ s\)$/.exec(line) ?? [];
      if (name) tally.failures.push(name);
      const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(line) ?? [];
      tally.passed += Number(passed ?? 0);
      tally.failed += Number(failed ?? 0);
    },
  });
  const code = await run.exited;
  // It may also have died half-way, or found nothing to check.
  if (tally.failed === 0 && (code !== 0 || tally.passed === 0)) tally.failed = 1;
  return tally;
}
