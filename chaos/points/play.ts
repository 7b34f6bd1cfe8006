import { ends } from "./ends";
import type { Mortal } from "./mortal";
import { differences, type Picture, takePicture } from "./picture";
import { type ScenarioName, scenarios } from "./scenarios";
import { type Passed, type Plan, Store } from "./store";
import type { World } from "./world";

export type Played = { passed: Passed[]; picture: Picture; findings: string[]; deaths: number; story: string };

/** Plays a scenario from an empty store to its end, dies where the plan says, and judges what is left by what must be. */
export async function play(world: World, mortal: Mortal, scenario: ScenarioName, plan?: Plan): Promise<Played> {
  await world.reset();
  const store = new Store(world, mortal, plan);
  const findings: string[] = [];
  try {
    await scenarios[scenario](store, world);
  } catch (error) {
    findings.push(error instanceof Error ? error.message : String(error));
  }
  const { invariants } = await store.audit();
  findings.push(...invariants.flatMap(({ examples }) => examples));
  const picture = await takePicture(store, world);
  findings.push(...differences(ends[scenario], picture));
  return { passed: store.passed, picture, findings, deaths: store.deaths, story: store.stories.join("; ") };
}

/** What is wrong with a play, beside the one without a crash. */
export function judge(calm: Played, crashed: Played, plan: Plan): string[] {
  const died = crashed.deaths >= 1 ? [] : [`nobody died at ${plan.point}`];
  return [...new Set([...died, ...crashed.findings, ...differences(calm.picture, crashed.picture)])];
}
