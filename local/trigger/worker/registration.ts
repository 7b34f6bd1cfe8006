import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "dotenv";
import type { TaskIndex } from "./processes/index-process";
import type { WorkerIdentity } from "./processes/messages";

/** What the project pins; the SDK's own version is the same, or the project says so when it is bundled. */
const coreVersion = "4.8.3";
/** The files `trigger dev` reads, the last one winning. */
const envFiles = ["dev.vars", ".env.development.local", ".env.local", ".env.development", ".env"].reverse();
/** Where to find the server is the host's to say. */
const notFromFiles = new Set(["TRIGGER_API_URL", "TRIGGER_SECRET_KEY", "OTEL_EXPORTER_OTLP_ENDPOINT"]);

export function readEnvFiles(projectDir: string, envFile: string | undefined): Record<string, string> {
  const paths = envFile === undefined ? envFiles.map((name) => join(projectDir, name)) : [envFile];
  // The first file that names a variable wins, as in `trigger dev`.
  const all = paths.filter((path) => existsSync(path)).map((path) => parse(readFileSync(path)));
  const merged = Object.assign({}, ...all.reverse()) as Record<string, string>;
  return Object.fromEntries(Object.entries(merged).filter(([name]) => !notFromFiles.has(name)));
}

/** The server may be starting beside its worker. */
const serverWaitMs = 30_000;

type Settings = { apiUrl: string; secretKey: string; projectRef: string };

/** Asks for the project's variables, and gives a function that registers what was found in its bundle. */
export async function registerWorker({ apiUrl, secretKey, projectRef }: Settings) {
  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${apiUrl}/api/v1/projects/${projectRef}/${path}`, {
      method,
      headers: { authorization: `Bearer ${secretKey}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json().catch(() => ({}))) as Answer & { error?: string };
    if (!response.ok)
      throw new Error(`The server refused the worker (${response.status}): ${answer.error ?? "no reason"}`);
    return answer;
  };
  const { variables } = await whenUp(() => call<{ variables: Record<string, string> }>("GET", "envvars"), apiUrl);
  return {
    variables,
    register: async (index: TaskIndex, contentHash: string): Promise<WorkerIdentity> => {
      const { id, version } = await call<{ id: string; version: string }>("POST", "background-workers", {
        localOnly: true,
        engine: "V2",
        supportsLazyAttempts: true,
        metadata: {
          packageVersion: coreVersion,
          cliPackageVersion: coreVersion,
          contentHash,
          tasks: index.tasks,
          queues: index.queues,
          concurrencyLimits: index.concurrencyLimits,
          sourceFiles: [],
          runtime: "node",
          runtimeVersion: process.versions.node,
        },
      });
      return { id, version, contentHash };
    },
  };
}

async function whenUp<Answer>(ask: () => Promise<Answer>, apiUrl: string): Promise<Answer> {
  const deadline = Date.now() + serverWaitMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as { code?: string };
      if (code !== "ECONNREFUSED") throw error;
      if (Date.now() > deadline) throw new Error(`No server answers at ${apiUrl}. Is it running?`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
