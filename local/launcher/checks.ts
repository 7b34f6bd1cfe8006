import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How many tests there were. A check that is no test, like the format, counts where it failed. */
export type Tally = { passed: number; failed: number; skipped: number };

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
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  for (const check of checks) {
    if (await timed(check.name, () => runAll(projectDir, check.commands))) continue;
    console.error(`\n✘ ${check.name}. To mend: ${check.mend}\n`);
    tally.failed += 1;
  }
  const tests = await runVitest(projectDir);
  if (tests.failed > 0) console.error("\n✘ Tests. To see one again: npx vitest run <part of its path>\n");
  return addTallies(tally, tests);
}

/** The sum of two tallies. */
export function addTallies(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
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

type VitestReport = { numPassedTests: number; numFailedTests: number; numPendingTests: number; numTodoTests: number };

async function runVitest(projectDir: string): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), "shopfloor-report-"));
  const file = join(folder, "vitest.json");
  try {
    const args = [
      bin("vitest/vitest.mjs"),
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${file}`,
    ];
    let good = false;
    await timed("Unit, integration and local tests", async () => {
      good = await runScript(projectDir, args);
      return good;
    });
    const report = await readFile(file, "utf8").then(
      (text) => JSON.parse(text) as VitestReport,
      () => undefined,
    );
    const { numPassedTests: passed = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = report ?? {};
    // A file that does not load or a rejection nobody caught fails the run without failing a test.
    const failed = numFailedTests === 0 && !good ? 1 : numFailedTests;
    return { passed, failed, skipped: numPendingTests + numTodoTests };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
