import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@/local/machine/ports";
import { createDatabase } from "@/local/postgres/databases";
import { postgresReady, preparePostgres } from "@/local/postgres/server";
import type { Built } from "./build";
import type { Kill, VictimKind } from "./plan";
import { childrenOf, isGone, killNow, pause } from "./processes";
import { Program, printed } from "./program";

export const secretKey = "tr_dev_chaos";
export const projectRef = "proj_chaos";
export const sizes = { servers: 2, hosts: 2 };

export type World = {
  urls: string[];
  databaseUrl: string;
  evidenceDir: string;
  /** Run processes that were killed under a living host. */
  killedRunProcesses: Set<number>;
  kill: (kill: Kill) => Promise<VictimKind | undefined>;
  untilReady: () => Promise<void>;
  programs: Program[];
  close: () => Promise<void>;
};

/** One durable Postgres, two servers on one database, two worker hosts of which each knows one of the servers. */
export async function startWorld(folder: string, built: Built, stallMs: number): Promise<World> {
  const evidenceDir = join(folder, "evidence");
  const logs = join(folder, "logs");
  for (const part of ["runs", "groups"]) await mkdir(join(evidenceDir, part), { recursive: true });
  await mkdir(logs);

  const dataDir = join(folder, "postgres");
  const postgresPort = await freePort();
  let adminUrl = "";
  const postgres = new Program({
    name: "postgres",
    logFile: join(logs, "postgres.log"),
    command: async () => {
      const prepared = await preparePostgres({ dataDir, port: postgresPort });
      adminUrl = prepared.url;
      return prepared;
    },
    ready: () => postgresReady(adminUrl),
    // Its backends notice the death of their parent, but a little later: a new one could not start beside them.
    killWith: (pid) => {
      const backends = childrenOf(pid);
      return async () => {
        for (const backend of backends) killNow(backend.pid);
        while (!backends.every((backend) => isGone(backend.pid))) await pause(5);
      };
    },
  });
  await postgres.untilReady();
  const databaseUrl = await createDatabase(adminUrl, "chaos");

  const ports = [await freePort(), await freePort()];
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const servers = ports.map((port, n) =>
    program(`server-${n}`, built.server, "listens on", { TRIGGER_LOCAL_PORT: `${port}` }),
  );
  const hosts = Array.from({ length: sizes.hosts }, (_, n) =>
    program(`host-${n}`, built.host, "host ready", { TRIGGER_API_URL: urls[n % urls.length] ?? "" }),
  );

  function program(name: string, file: string, text: string, env: Record<string, string>): Program {
    return new Program({
      name,
      logFile: join(logs, `${name}.log`),
      command: async () => ({
        command: process.execPath,
        args: ["--enable-source-maps", file],
        env: {
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          NODE_ENV: "development",
          TRIGGER_SECRET_KEY: secretKey,
          TRIGGER_ACCESS_TOKEN: "tr_pat_chaos",
          TRIGGER_PROJECT_REF: projectRef,
          TRIGGER_LOCAL_DATABASE_URL: databaseUrl,
          TRIGGER_LOCAL_STALL_MS: String(stallMs),
          CHAOS_PREPARED: built.preparedFile,
          CHAOS_PROJECT: built.projectDir,
          CHAOS_EVIDENCE: evidenceDir,
          ...env,
        },
      }),
      ready: (child) => printed(child, text),
    });
  }

  const programs = [postgres, ...servers, ...hosts];
  const killedRunProcesses = new Set<number>();
  const victims = { server: servers, host: hosts, postgres: [postgres] };

  function killRunProcess({ index, process: nth }: Kill): boolean {
    const host = hosts[index]?.pid;
    const running = host === undefined ? [] : childrenOf(host).filter(({ command }) => command.includes("run-process"));
    const victim = running[nth % Math.max(1, running.length)];
    if (!victim) return false;
    killedRunProcesses.add(victim.pid);
    return killNow(victim.pid);
  }

  return {
    urls,
    databaseUrl,
    evidenceDir,
    killedRunProcesses,
    programs,
    /** What is away already can not be killed: then another of its kind, or of another kind. */
    kill: async (kill) => {
      if (kill.kind === "run process" && killRunProcess(kill)) return "run process";
      const kinds = [...new Set([kill.kind, "server", "host", "postgres"] as const)].filter(
        (kind) => kind !== "run process",
      );
      const all = kinds.flatMap((kind) =>
        victims[kind].map((_, n) => ({ kind, victim: victims[kind][(kill.index + n) % victims[kind].length] })),
      );
      const atWork = all.filter(({ victim }) => victim?.isReady);
      for (const { kind, victim } of kill.mayBeStarting ? all : [...atWork, ...all]) {
        if (await victim?.kill(kill.downMs)) return kind;
      }
      return undefined;
    },
    untilReady: async () => {
      for (const one of programs) await one.untilReady();
    },
    close: async () => {
      await Promise.all([...hosts, ...servers].map((one) => one.stop()));
      await postgres.stop();
    },
  };
}
