import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { addTallies, afterRerun, emptyTally, type Tally } from "./tally";

/** More than these have a reason that running them again does not remove. */
const rerunFilesMax = 3;

type Check = { name: string; commands: string[][]; mend: string };

const bin = (name: string) => join("node_modules", name);

/** In the order a person wants to hear of them: the quickest first. */
const checks: Check[] = [
  {
    name: "Format and lint",
    commands: [[bin("@biomejs/biome/bin/biome"), "check", "--error-on-warnings", "."]],
    mend: "npm run format",
  },
  {
    name: "Boundaries",
    commands: [["local/bin/boundaries.mjs"]],
    mend: "npm run boundaries (names each import to move)",
  },
  {
    name: "Types",
    commands: [
      [bin("next/dist/bin/next"), "typegen"],
      [bin("typescript/bin/tsc"), "--noEmit"],
    ],
    mend: "npm run typecheck (lists them again)",
  },
  {
    name: "Dead code",
    commands: [[bin("knip/bin/knip.js")]],
    mend: "npm run knip -- --fix (removes exports nobody imports; delete files yourself)",
  },
];

/** Runs every check and every vitest project, goes on after a failure, and says for each how to mend it. */
export async function runChecks(projectDir: string): Promise<Tally> {
  const tally = emptyTally();
  for (const check of checks) {
    if (await timed(check.name, () => runAll(projectDir, check.commands))) continue;
    console.error(`\n✘ ${check.name}. To mend: ${check.mend}\n`);
    tally.failed += 1;
    tally.failures.push(check.name);
  }
  const tests = await runVitest(projectDir);
  if (tests.failed > 0) console.error("\n✘ Tests. To see one again: npx vitest run <part of its path>\n");
  return addTallies(tally, tests);
}

/** Runs a script of the project under Node with its output shown; whether it succeeded. */
export function runScript(projectDir: string, args: string[], env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: projectDir, env, stdio: "inherit" });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code === 0));
  });
}

async function runAll(projectDir: string, commands: string[][]): Promise<boolean> {
  for (const command of commands) if (!(await runScript(projectDir, command))) return false;
  return true;
}

async function timed(name: string, work: () => Promise<boolean>): Promise<boolean> {
  const begun = performance.now();
  console.log(`\n── ${name}`);
  const good = await work();
  if (good) console.log(`✓ ${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  return good;
}

type VitestReport = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { name: string; status: string; assertionResults: { status: string; fullName: string }[] }[];
};

/** A file of which something failed is run once more, alone: a test that passes then is flaky, and said to be. */
async function runVitest(projectDir: string): Promise<Tally> {
  let tally = emptyTally();
  let failedFiles: string[] = [];
  await timed("Unit, integration and local tests", async () => {
    ({ tally, failedFiles } = await vitest(projectDir, []));
    return tally.failed === 0;
  });
  if (failedFiles.length === 0 || failedFiles.length > rerunFilesMax) return tally;
  console.log(`\n── Once more, alone: ${failedFiles.join(", ")}`);
  return afterRerun(tally, (await vitest(projectDir, failedFiles)).tally.failures);
}

async function vitest(projectDir: string, files: string[]): Promise<{ tally: Tally; failedFiles: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), "shopfloor-report-"));
  const file = join(folder, "vitest.json");
  try {
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const good = await runScript(projectDir, [bin("vitest/vitest.mjs"), "run", ...files, ...reporters]);
    const report = await readFile(file, "utf8").then(
      (text) => JSON.parse(text) as VitestReport,
      () => undefined,
    );
    const { numPassedTests: passed = 0, numPendingTests = 0, numTodoTests = 0, testResults = [] } = report ?? {};
    const failing = testResults.filter(({ status }) => status === "failed");
    const failures = failing.flatMap(({ name, assertionResults }) => {
      const path = relative(projectDir, name);
      const failed = assertionResults.filter(({ status }) => status === "failed");
      // A file that does not load fails without a test of its own.
      return failed.length > 0 ? failed.map(({ fullName }) => `${path}: ${fullName}`) : [path];
    });
    // A rejection nobody caught fails the run without failing a test.
    if (failures.length === 0 && !good) failures.push("vitest");
    return {
      tally: { passed, failed: failures.length, skipped: numPendingTests + numTodoTests, failures, flaky: [] },
      failedFiles: failing.map(({ name }) => relative(projectDir, name)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
