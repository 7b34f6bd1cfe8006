import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "../random";
import { mortalAddress, mortalInProcess } from "./in-process";
import { mortalInProcesses } from "./in-processes";
import { type Planned, planDeaths } from "./plan";
import { judge, type Played, play } from "./play";
import { type ScenarioName, scenarioNames } from "./scenarios";
import { openWorld } from "./world";

export type PointsOptions = {
  /** Only scenarios whose name matches this. */
  scenario?: RegExp | undefined;
  /** Only points whose name matches this. */
  at?: RegExp | undefined;
  /** Points that scenarios share are played in each of them. */
  all?: boolean;
  /** How many plays, and for how long at most. Without them every one. */
  sample?: number | undefined;
  secondsMax?: number | undefined;
  seed?: number;
  inProcess?: boolean;
  print: (line: string) => void;
};

/** What was played; `violations` are sentences with the scenario, the point and the finding. */
export type PointsResult = { points: number; plays: number; planned: number; violations: string[] };

/** Plays every scenario without a death, and then what the options ask for, in an order that the seed decides. */
export async function playPoints(options: PointsOptions): Promise<PointsResult> {
  const { inProcess = false, print } = options;
  const databaseUrl = process.env.DATABASE_URL ?? "";
  process.env.DATABASE_URL = mortalAddress(databaseUrl);
  const world = await openWorld(databaseUrl);
  const folder = await mkdtemp(join(tmpdir(), "shopfloor-points-"));
  const mortal = inProcess ? mortalInProcess(databaseUrl) : await mortalInProcesses(folder);
  const violations: string[] = [];
  const note = (about: string, findings: readonly string[], story = "") => {
    if (findings.length === 0) return;
    violations.push(...findings.map((finding) => `${about}: ${finding}`));
    print(`${about}:\n${findings.map((finding) => `  ${finding}`).join("\n")}\n  ${story}`);
  };
  try {
    const chosen = scenarioNames.filter((name) => options.scenario?.test(name) ?? true);
    if (chosen.length === 0) throw new Error(`None of the scenarios matches: ${scenarioNames.join("; ")}`);
    const calm = new Map<ScenarioName, Played>();
    for (const name of chosen) {
      const played = await play(world, mortal, name);
      note(`${name}, without a death`, played.findings, played.story);
      calm.set(name, played);
    }
    const planned = shuffle(planDeaths(calm, options), options.seed ?? 1);
    const until = performance.now() + (options.secondsMax ?? Number.POSITIVE_INFINITY) * 1_000;
    const points = new Set<string>();
    let plays = 0;
    for (const { scenario, where, plan } of planned.slice(0, options.sample)) {
      if (performance.now() > until) break;
      const played = await play(world, mortal, scenario, plan);
      note(`${scenario}, ${plan.times} x ${where}`, judge(calm.get(scenario) as Played, played, plan), played.story);
      points.add(`${scenario} ${where}`);
      plays += 1;
      if (plays % 50 === 0) print(`${plays} of ${planned.length} plays: violations ${violations.length}`);
    }
    return { points: points.size, plays, planned: planned.length, violations };
  } finally {
    await mortal.close();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function shuffle(planned: readonly Planned[], seed: number): Planned[] {
  const random = new Random(seed);
  return planned
    .map((one) => ({ one, rank: random.next() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one);
}
