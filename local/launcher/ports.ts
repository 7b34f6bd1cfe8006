import { holderOf, isFree } from "../machine/ports";
import { OptionError, type Part, type PortWishes } from "./options";

export type Ports = Record<Part, number>;

const TRIES = 200;

/**
 * A free port for every part. One that was asked for is taken or refused; a default that is taken moves to the next
 * free number, which `say` is told.
 *
 * @throws OptionError naming the port, and its holder where the system tells.
 */
export async function choosePorts(wishes: PortWishes, say: (line: string) => void): Promise<Ports> {
  const chosen = new Map<Part, number>();
  const entries = Object.entries(wishes) as Array<[Part, PortWishes[Part]]>;
  // Asked ports first, so that a default which has to move does not move onto one of them.
  for (const [part, wish] of entries.sort((a, b) => Number(b[1].asked) - Number(a[1].asked))) {
    const others = new Set([...chosen.values(), ...entries.filter(([name]) => name !== part).map(([, w]) => w.port)]);
    chosen.set(part, await choose(part, wish, others, say));
  }
  return Object.fromEntries(chosen) as Ports;
}

async function choose(part: Part, wish: PortWishes[Part], others: Set<number>, say: (line: string) => void) {
  if (await isFree(wish.port)) return wish.port;
  const holder = holderOf(wish.port);
  const taken = `Port ${wish.port} (${part}) is taken${holder ? ` by process ${holder}` : ""}`;
  if (wish.asked)
    throw new OptionError(`${taken}. End that, or choose another port with --port-${part} (--help lists them).`);
  for (let port = wish.port + 1; port <= Math.min(wish.port + TRIES, 65_535); port++) {
    if (others.has(port) || !(await isFree(port))) continue;
    say(`${taken}: using ${port} instead`);
    return port;
  }
  throw new OptionError(`${taken}, and so are the ${TRIES} after it. Choose one with --port-${part}.`);
}
