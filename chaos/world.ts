import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@/local/machine/ports";
import { createDatabase } from "@/local/postgres/databases";
import type { Built } from "./build";
import { Killer } from "./killer";
import type { Kill, Victims } from "./plan";
import { startPostgresProgram } from "./postgres";
import { Program, printed } from "./program";

export const secretKey = "tr_dev_chaos";
export const projectRef = "proj_chaos";
export const sizes = { servers: 2, hosts: 2 };

export type VictimKind = "server" | "host" | "run process" | "postgres";

export const victims: Victims<VictimKind> = {
  weights: { server: 30, host: 22, "run process": 34, postgres: 14 },
  sizes: { server: sizes.servers, host: sizes.hosts, "run process": sizes.hosts, postgres: 1 },
  stepsMax: 20,
  waitMs: [300, 2_400],
};

export type World = {
  urls: string[];
  databaseUrl: string;
  evidenceDir: string;
  /** Run processes that were killed under a living host. */
  killedRunProcesses: Set<number>;
  kill: (kill: Kill<VictimKind>) => Promise<VictimKind | undefined>;
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

  const { postgres, adminUrl } = await startPostgresProgram(folder, join(logs, "postgres.log"));
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
  const killer = new Killer<VictimKind>({ server: servers, host: hosts, postgres: [postgres] }, hosts);

  return {
    urls,
    databaseUrl,
    evidenceDir,
    killedRunProcesses: killer.killedRunProcesses,
    programs,
    kill: (kill) => killer.kill(kill),
    untilReady: async () => {
      for (const one of programs) await one.untilReady();
    },
    close: async () => {
      await Promise.all([...hosts, ...servers].map((one) => one.stop()));
      await postgres.stop();
    },
  };
}
