import { Random } from "./random";

export type VictimKind = "server" | "host" | "run process" | "postgres";

export type Kill = {
  kind: VictimKind;
  /** Which of them, counted from 0; of run processes: which host's, and which of its processes. */
  index: number;
  process: number;
  /** It comes after so many steps since the kill before: triggers that were acknowledged, runs that ended, ... */
  afterSteps: number;
  /** ... or, should nothing go on, after this time. */
  atMostMs: number;
  /** Whether one that is just starting is good enough; otherwise one that is at work is taken instead, if there is any. */
  mayBeStarting: boolean;
  /** How long the victim stays away. A run process is not started again. */
  downMs: number;
};

const weights: Record<VictimKind, number> = { server: 30, host: 22, "run process": 34, postgres: 14 };

/** One seed is one plan: what is killed, in which order, and when, counted in progress rather than in time. */
export function planKills(seed: number, count: number, sizes: { servers: number; hosts: number }): Kill[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const kind = random.weighted(weights);
    return {
      kind,
      index: random.between(0, (kind === "server" ? sizes.servers : sizes.hosts) - 1),
      process: random.between(0, 9),
      afterSteps: random.between(0, 20),
      atMostMs: random.between(300, 2_400),
      mayBeStarting: random.next() < 0.3,
      downMs: random.between(0, 600),
    };
  });
}
