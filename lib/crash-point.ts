type Trap = (name: string) => void | Promise<void>;

let trap: Trap | undefined;

/** Does nothing, unless a test has set a trap: then the process may "die" here, between two steps. */
export async function crashPoint(name: string): Promise<void> {
  await trap?.(name);
}

/** For tests: what every crash point calls from now on; undefined takes it away. */
export function setCrashTrap(next: Trap | undefined): void {
  trap = next;
}
