import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import { describeProcess, pids } from "./processes.mjs";

/** Whether nothing listens there, on either loopback: "localhost" may lead to both. */
export async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, "127.0.0.1")) && (await canListen(port, "::1"));
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "EADDRNOTAVAIL"));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** The first free port of `tries` from `first` on. */
export async function freePortFrom(first: number, tries: number): Promise<number | undefined> {
  for (let port = first; port < Math.min(first + tries, 65_536); port++) if (await isFree(port)) return port;
  return undefined;
}

/** A port that nothing listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** "123 (node server.js)" for whoever listens on the port, where Linux lets us see it. */
export function holderOf(port: number): string | undefined {
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
