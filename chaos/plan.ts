import { Random } from "./random";

export type Kill<Kind extends string = string> = {
  kind: Kind;
  /** Which of them, counted from 0; of run processes: which host's, and which of its processes. */
  index: number;
  process: number;
  /** It comes after so many steps since the kill before: what was acknowledged, runs that ended, ... */
  afterSteps: number;
  /** ... or, should nothing go on, after this time. */
  atMostMs: number;
  /** Whether one that is just starting is good enough; otherwise one that is at work is taken instead, if there is any. */
  mayBeStarting: boolean;
  /** How long the victim stays away. A run process is not started again. */
  downMs: number;
};

export type Victims<Kind extends string> = {
  weights: Record<Kind, number>;
  sizes: Record<Kind, number>;
  /** The most steps between two kills. */
  stepsMax: number;
  /** The least and the most time between two kills while nothing goes on. */
  waitMs: readonly [number, number];
};

/** One seed is one plan: what is killed, in which order, and when, counted in progress rather than in time. */
export function planKills<Kind extends string>(seed: number, count: number, victims: Victims<Kind>): Kill<Kind>[] {
  const { weights, sizes, stepsMax, waitMs } = victims;
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const kind = random.weighted(weights);
    return {
      kind,
      index: random.between(0, sizes[kind] - 1),
      process: random.between(0, 9),
      afterSteps: random.between(0, stepsMax),
      atMostMs: random.between(...waitMs),
      mayBeStarting: random.next() < 0.3,
      downMs: random.between(0, 600),
    };
  });
}
