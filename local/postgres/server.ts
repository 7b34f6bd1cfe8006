import { type ChildProcess, spawn } from "node:child_process";
import { dirname } from "node:path";
import pg from "pg";
import { freePort } from "../machine/ports";
import { findBinaries } from "./binaries";
import { initialise, openDataFolder } from "./data-folder";
import { endLeftover } from "./leftover";
import { serverOwner } from "./owner";

/** `durable: false` trades safety against a power cut for speed; kill -9 is survived either way. */
export type PostgresOptions = {
  dataDir: string;
  port: number;
  durable?: boolean;
  /** Out of reach of a Ctrl-C, which the caller answers. */
  detached?: boolean;
  say?: (line: string) => void;
};

/** How to run the server: for callers who watch over the process themselves. */
export type PostgresCommand = {
  command: string;
  args: string[];
  cwd: string;
  uid?: number;
  gid?: number;
  port: number;
  /** The superuser's address; `databaseUrl` makes another database's of it. */
  url: string;
};

export type Postgres = {
  url: string;
  port: number;
  pid: number;
  /** Resolves when the server is gone, asked to or not. */
  exited: Promise<void>;
  close(): Promise<void>;
};

/**
 * Makes the cluster when there is none, ends a server that a killed process left behind on the same data, and says how
 * to start it. The caller owns `dataDir`: two callers on one folder would end each other's server.
 */
export async function preparePostgres(options: PostgresOptions): Promise<PostgresCommand> {
  const say = options.say ?? (() => {});
  const owner = serverOwner();
  const folder = await openDataFolder(options.dataDir, owner, say);
  const { initdb, postgres } = await findBinaries(folder, owner, say);
  const password = await initialise(folder, initdb, owner);
  await endLeftover(folder);

  const port = options.port || (await freePort());
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: "",
    max_connections: "200",
    wal_level: "logical",
    timezone: "UTC",
    log_timezone: "UTC",
    lc_messages: "C",
    ...(options.durable === false && { fsync: "off", full_page_writes: "off" }),
  };
  return {
    command: postgres,
    args: ["-D", folder, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    cwd: dirname(folder),
    ...owner,
    port,
    url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
  };
}

/** Starts PostgreSQL on loopback and returns when it takes connections. Port 0 takes a free one. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { command, args, port, url, ...where } = await preparePostgres(options);
  const { detached = false } = options;
  const child = spawn(command, args, { ...where, detached, stdio: ["ignore", "ignore", "pipe"] });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => {
    log = (log + chunk).slice(-8_000);
  });
  try {
    await Promise.race([postgresReady(url), failed(child, () => log)]);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  return { url, port, pid: child.pid ?? 0, exited, close: () => stop(child) };
}

/** Resolves when the server answers a query; rejects after `timeoutMs`. */
export async function postgresReady(url: string, timeoutMs = 120_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    // A connection cut while the server starts is reported twice: by the promise and by this event.
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query("select 1");
      return;
    } catch (cause) {
      if (Date.now() > deadline) throw new Error(`PostgreSQL did not answer within ${timeoutMs / 1000} s.`, { cause });
      await new Promise((resolve) => setTimeout(resolve, 40));
    } finally {
      await client.end().catch(() => {});
    }
  }
}

function failed(child: ChildProcess, log: () => string): Promise<never> {
  return new Promise((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(new Error(`PostgreSQL ended at start (${signal ?? code}):\n${log()}`)));
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const impatience = setTimeout(() => child.kill("SIGKILL"), 10_000);
    child.once("exit", () => {
      clearTimeout(impatience);
      resolve();
    });
    // SIGINT is PostgreSQL's "fast" shutdown; SIGTERM would wait for every client to leave.
    child.kill("SIGINT");
  });
}
