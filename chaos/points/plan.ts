import type { Played } from "./play";
import type { ScenarioName } from "./scenarios";
import type { Plan } from "./store";

/** One play to come: a scenario with a death, or two at the same point. */
export type Planned = { scenario: ScenarioName; where: string; plan: Plan };

/**
 * Every point that the scenarios come by, each with one death and with two. A point that another scenario passes in the
 * same step, with the order in the same state, is the same one: it is played in the first. `at` chooses points by name.
 */
export function planDeaths(
  calm: ReadonlyMap<ScenarioName, Played>,
  { all = false, at }: { all?: boolean; at?: RegExp | undefined } = {},
): Planned[] {
  const known = new Set<string>();
  const planned: Planned[] = [];
  for (const [scenario, { passed }] of calm) {
    const occurrences = new Map<string, number>();
    for (const { point, where } of passed) {
      const occurrence = (occurrences.get(point) ?? 0) + 1;
      occurrences.set(point, occurrence);
      if ((known.has(where) && !all) || (at && !at.test(point))) continue;
      known.add(where);
      for (const times of [1, 2] as const) planned.push({ scenario, where, plan: { point, occurrence, times } });
    }
  }
  return planned;
}
