import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import { OptionError, type Part, type PortWishes } from "./options";
import { describeProcess, pids } from "./processes.mjs";

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

/** Whether nothing listens there, on either loopback: "localhost" may lead to both. */
async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, "127.0.0.1")) && (await canListen(port, "::1"));
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "EADDRNOTAVAIL"));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** "123 (node server.js)" for whoever listens on the port, where Linux lets us see it. */
function holderOf(port: number): string | undefined {
  try {
    const socket = listeningSocket(port);
    if (!socket) return undefined;
    const pid = pids().find((candidate) => holds(candidate, socket));
    return pid === undefined ? undefined : `${pid} (${describeProcess(pid)?.command.slice(0, 60)})`;
  } catch {
    return undefined;
  }
}

function listeningSocket(port: number): string | undefined {
  const LISTEN = "0A";
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of readFileSync(table, "utf8").split("\n").slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(suffix) && fields[3] === LISTEN) return `socket:[${fields[9]}]`;
    }
  }
  return undefined;
}

function holds(pid: number, socket: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === socket);
  } catch {
    return false;
  }
}
