import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { createDatabase } from "@/local/postgres/databases";
import { startPostgres } from "@/local/postgres/server";
import { projectRef, writeProject } from "./project";

export const secretKey = "tr_dev_bench_engine";

export type EngineWorld = {
  apiUrl: string;
  databaseUrl: string;
  /** Another database on the same PostgreSQL. */
  referenceUrl: string;
  serverPid: number;
  postgresPid: number;
  startHost: (slots: number) => Promise<{ pid: number; kill: () => void }>;
  close: () => Promise<void>;
};

const readyMaxMs = 60_000;

/** A durable PostgreSQL, the server and worker hosts, each a process of its own, as in the demo. */
export async function startEngineWorld(): Promise<EngineWorld> {
  const folder = await mkdtemp(join(tmpdir(), "shopfloor-bench-"));
  await chmod(folder, 0o711); // PostgreSQL may run as another user
  const postgres = await startPostgres({ dataDir: join(folder, "postgres"), port: 0 });
  const databaseUrl = await createDatabase(postgres.url, "engine");
  const referenceUrl = await createDatabase(postgres.url, "reference");
  const project = await writeProject();
  const children: ChildProcess[] = [];
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: "development",
    TRIGGER_SECRET_KEY: secretKey,
    TRIGGER_ACCESS_TOKEN: "tr_pat_bench",
    TRIGGER_PROJECT_REF: projectRef,
    TRIGGER_LOCAL_DATABASE_URL: databaseUrl,
    TRIGGER_LOCAL_PORT: "0",
  };
  const start = async (script: string, args: string[], ready: RegExp, extra: Record<string, string> = {}) => {
    const child = spawn(process.execPath, ["--import", "tsx", script, ...args], {
      env: { ...env, ...extra },
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    return { child, found: await said(child, ready) };
  };
  const server = await start("local/trigger/main.ts", [], /listens on (\S+)/);
  const apiUrl = server.found[1] ?? "";
  return {
    apiUrl,
    databaseUrl,
    referenceUrl,
    serverPid: server.child.pid ?? 0,
    postgresPid: postgres.pid,
    startHost: async (slots) => {
      const args = ["--project", project.folder, "--slots", String(slots), "--warm", String(slots)];
      const { child } = await start("local/trigger/worker/main.ts", args, /Local worker ready/, {
        TRIGGER_API_URL: apiUrl,
      });
      return { pid: child.pid ?? 0, kill: () => child.kill("SIGKILL") };
    },
    close: async () => {
      for (const child of children.reverse()) await ended(child);
      await postgres.close();
      await project.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function said(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = "";
    const timer = setTimeout(() => reject(new Error(`Not ready in time: ${text}`)), readyMaxMs);
    child.once("exit", (code) => reject(new Error(`Ended with code ${code}: ${text}`)));
    child.stdout?.setEncoding("utf8").on("data", (part: string) => {
      text = (text + part).slice(-4_000);
      const found = pattern.exec(text);
      if (!found) return;
      clearTimeout(timer);
      resolve(found);
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.removeAllListeners("exit").once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}

/** Asks the engine's database, past the server. */
export async function askDatabase<Row>(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, options: "-c search_path=trigger_local" });
  await client.connect();
  try {
    return (await client.query(text, values)).rows as Row[];
  } finally {
    await client.end();
  }
}
