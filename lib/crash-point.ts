type Trap = (name: string) => void | Promise<void>;

let trap: Trap | undefined;
let isEverywhere = false;

/** Does nothing, unless a test has set a trap: then the process may "die" here, between two steps. */
export async function crashPoint(name: string): Promise<void> {
  await trap?.(name);
}

/**
 * For tests: what every crash point calls from now on; undefined takes it away. With `everywhere` each commit and each
 * call of a vendor is one too, before and after, named after the file that makes it.
 */
export function setCrashTrap(next: Trap | undefined, { everywhere = false } = {}): void {
  trap = next;
  isEverywhere = next !== undefined && everywhere;
}

/** Whether commits and calls of vendors are crash points now: never, but in tests. */
export function areEffectsWatched(): boolean {
  return isEverywhere;
}

/** Runs what has an effect outside of this process: a commit, a call of a vendor. A test can die before and after it. */
export async function effect<T>(what: string, work: () => Promise<T>, by = isEverywhere ? caller() : ""): Promise<T> {
  if (!isEverywhere) return work();
  await crashPoint(`${by}: before ${what}`);
  try {
    return await work();
  } finally {
    await crashPoint(`${by}: after ${what}`);
  }
}

/** Where effects pass through on behalf of others. */
const passages = /\/lib\/(crash-point|db\/[\w-]+|payments\/stripe-client|storage\/client)\.ts/;

/** The file of ours that asked for an effect: `confirm-order`. */
export function caller(): string {
  const frames = (new Error().stack ?? "").split("\n");
  const ours = frames.find((frame) => /\/(lib|trigger)\/[\w./-]+\.ts/.test(frame) && !passages.test(frame));
  return ours?.match(/([\w-]+)\.ts/)?.[1] ?? "somebody";
}
