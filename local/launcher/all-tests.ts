import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { watchParents } from "../machine/parents";
import { findBrowser } from "./browser";
import { runChecks, runScript } from "./checks";
import { findLiveKeys } from "./live-keys";
import { defaultPorts, type Part, type PortWishes } from "./options";
import { lockHolder } from "./state";
import { createSteps } from "./steps";
import { addTallies, emptyTally, printTally, type Tally } from "./tally";
import { startWorld, type World } from "./world";

/** Far from a running demo's; each moves when it is taken. */
const PORT_OFFSET = 10_000;

/**
 * `npm test`: every check and test, then the browser's in a world of their own beside whatever else runs. Ends with the
 * line `N passed, N failed`; the exit code is 1 when anything failed.
 */
export async function runAllTests(projectDir: string): Promise<void> {
  const live = findLiveKeys(projectDir, process.env);
  if (live.length > 0) {
    console.error(live.join("\n"));
    process.exit(1);
  }
  const checked = await runChecks(projectDir);
  const browsed = await runBrowserTests(projectDir).catch((error: unknown): Tally => {
    console.error(`\n✘ ${error instanceof Error ? error.message : String(error)}\n`);
    return { ...emptyTally(), failed: 1, failures: ["the browser's tests"] };
  });
  const tally = addTallies(checked, browsed);
  printTally(tally);
  process.exit(tally.failed === 0 ? 0 : 1);
}

async function runBrowserTests(projectDir: string): Promise<Tally> {
  const steps = createSteps(process.stdout);
  console.log("\n── End to end");
  const browser = findBrowser(projectDir, steps.say);
  const stateDir = await freeState(projectDir);
  const world = await startWorld({ projectDir, stateDir, mode: "demo", fresh: true, ports: testPorts(), steps });
  endWith(world);
  try {
    const summary = await world.started;
    return await runPlaywright(projectDir, {
      ...process.env,
      SHOPFLOOR_TEST_WORLD: JSON.stringify(summary),
      SHOPFLOOR_CHROMIUM: browser,
    });
  } finally {
    await world.stop();
    console.log(`The services' logs are in ${join(stateDir, "logs")}`);
  }
}

/** A state of its own that the next run starts over with; a second one while two runs overlap. */
async function freeState(projectDir: string): Promise<string> {
  for (let n = 1; ; n++) {
    const stateDir = join(projectDir, ".local", n === 1 ? "test" : `test-${n}`);
    if (!(await lockHolder(stateDir))) return stateDir;
  }
}

function testPorts(): PortWishes {
  const parts = Object.entries(defaultPorts) as Array<[Part, number]>;
  const wishes = parts.map(([part, port]) => [part, { port: (port + PORT_OFFSET) % 65_536, asked: false }]);
  return Object.fromEntries(wishes) as PortWishes;
}

function endWith(world: World): void {
  const end = () => void world.stop().then(() => process.exit(1));
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  process.once("SIGHUP", end);
  watchParents(end);
}

type PlaywrightSuite = {
  specs: { title: string; file: string; tests: { status: "expected" | "unexpected" | "flaky" | "skipped" }[] }[];
  suites?: PlaywrightSuite[];
};
type PlaywrightReport = { suites: PlaywrightSuite[] };

async function runPlaywright(projectDir: string, env: NodeJS.ProcessEnv): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), "shopfloor-report-"));
  const file = join(folder, "playwright.json");
  try {
    const args = ["node_modules/@playwright/test/cli.js", "test", "--retries=1", "--reporter=list,json"];
    const good = await runScript(projectDir, args, { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file });
    const report = await readFile(file, "utf8").then(
      (text) => JSON.parse(text) as PlaywrightReport,
      () => undefined,
    );
    const tests = (report?.suites ?? []).flatMap(testsOf);
    const named = (wanted: string) => tests.filter(({ status }) => status === wanted).map(({ name }) => name);
    const [failures, flaky] = [named("unexpected"), named("flaky")];
    if (failures.length === 0 && !good) failures.push("playwright");
    const passed = named("expected").length + flaky.length;
    return { passed, failed: failures.length, skipped: named("skipped").length, failures, flaky };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function testsOf({ specs, suites = [] }: PlaywrightSuite): { name: string; status: string }[] {
  const own = specs.flatMap(({ title, file, tests }) =>
    tests.map(({ status }) => ({ name: `${file}: ${title}`, status })),
  );
  return [...own, ...suites.flatMap(testsOf)];
}
