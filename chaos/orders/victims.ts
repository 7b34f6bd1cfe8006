import type { Victims } from "../plan";

export type VictimKind = "run process" | "host" | "web" | "server" | "postgres";

const sizes: Record<VictimKind, number> = { host: 2, "run process": 2, web: 1, server: 2, postgres: 1 };
const workerWeights: Record<VictimKind, number> = { "run process": 65, host: 35, web: 0, server: 0, postgres: 0 };
const otherWeights: Record<VictimKind, number> = { "run process": 0, host: 0, web: 40, server: 35, postgres: 25 };

/** Who dies, how often beside whom, and how far apart: the workers, who do the work, or all who stand around them. */
export function victims(who: "workers" | "others", stepsMax: number): Victims<VictimKind> {
  return {
    weights: who === "workers" ? workerWeights : otherWeights,
    sizes,
    stepsMax,
    // Long enough for a slow machine to start what died: otherwise nothing would ever go on there.
    waitMs: [15_000, 60_000],
  };
}
