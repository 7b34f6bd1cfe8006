import { Random } from "../random";
import { mortalAddress, mortalInProcess } from "./in-process";
import { type Planned, planDeaths } from "./plan";
import { judge, type Played, play } from "./play";
import { scenarios } from "./scenarios";
import { openWorld } from "./world";

type Options = {
  scenario: string | undefined;
  all: boolean;
  sample: number | undefined;
  seed: number;
  inProcess: boolean;
  print: (line: string) => void;
};

/** Plays what the options ask for and prints what came of it. True where nothing was wrong. */
export async function playPoints({ scenario, all, sample, seed, print }: Options): Promise<boolean> {
  const begun = performance.now();
  const databaseUrl = process.env.DATABASE_URL ?? "";
  process.env.DATABASE_URL = mortalAddress(databaseUrl);
  const world = await openWorld(databaseUrl);
  const mortal = mortalInProcess(databaseUrl);
  let violations = 0;
  try {
    const calm = new Map<string, Played>();
    for (const name of Object.keys(scenarios)) {
      if (scenario !== undefined && name !== scenario) continue;
      const played = await play(world, mortal, name);
      for (const finding of played.findings) print(`${name}, without a death: ${finding}`);
      violations += played.findings.length;
      calm.set(name, played);
    }
    const all_ = planDeaths(calm, { all });
    print(`planned ${all_.length}`);
    const planned = choose(planDeaths(calm, { all }), sample, seed);
    for (const one of planned) {
      const played = await play(world, mortal, one.scenario, one.plan);
      const found = judge(calm.get(one.scenario) as Played, played, one.plan);
      violations += found.length;
      if (found.length > 0)
        print(`${one.scenario}, ${one.plan.times} x ${one.where}:\n  ${found.join("\n  ")}\n  (${played.story})`);
    }
    const points = new Set(planned.map(({ scenario: name, where }) => `${name} ${where}`)).size;
    const seconds = Math.round((performance.now() - begun) / 1_000);
    print(
      `points: ${points} x 2 attempts, ${planned.length} plays of ${calm.size} scenarios, ${seconds} s: violations ${violations}`,
    );
    return violations === 0;
  } finally {
    await mortal.close();
    await world.close();
  }
}

function choose(planned: Planned[], sample: number | undefined, seed: number): Planned[] {
  if (sample === undefined) return planned;
  const random = new Random(seed);
  return planned
    .map((one) => ({ one, rank: random.next() }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, sample)
    .map(({ one }) => one);
}
