import { mkdir, readdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Bundle, bundleProject, type Sources } from "./build/bundle";
import { loadConfig } from "./build/load-config";
import { HostedRuns } from "./hosted-runs";
import { indexTasks } from "./index-tasks";
import type { TaskIndex } from "./processes/index-process";
import { manifestVariable } from "./processes/messages";
import { readEnvFiles, registerWorker } from "./registration";
import { RunPool } from "./run-pool";
import { RunProcess } from "./run-process";
import { startGuard } from "./start-guard";

export type WorkerHostOptions = {
  /** The folder of trigger.config.ts. */
  projectDir: string;
  apiUrl: string;
  secretKey: string;
  /** Instead of `project` in trigger.config.ts. */
  projectRef?: string;
  /** Runs that execute at once; those that wait do not count. */
  slots?: number;
  /** Processes kept ready, at most `slots`. */
  warm?: number;
  /** Variables of the runs that beat the project's own; default: the project's .env files. */
  envFile?: string;
  env?: Record<string, string | undefined>;
  /** What `prepareProject` made, for many hosts of one project; otherwise each makes its own, and removes it. */
  prepared?: PreparedProject;
  say?: (line: string) => void;
};

/** A project's bundled tasks, and what else a host has to know of its configuration. */
export type PreparedProject = { bundle: Bundle; projectRef: string; conditions: string[]; index?: TaskIndex };

export type WorkerHost = {
  version: string;
  tasks: string[];
  sources: Sources;
  /** Takes no new runs and resolves when those it has are over; waiting runs may take long. */
  retire: () => Promise<void>;
  close: () => Promise<void>;
};

/**
 * Starts a worker for a project's tasks: bundles them once, keeps processes ready that have loaded them, and executes
 * runs with the official executor. Resolves when runs can come.
 */
export async function startWorkerHost(options: WorkerHostOptions): Promise<WorkerHost> {
  const { projectDir, prepared, say = console.log } = options;
  if (prepared) return hostProject(options, prepared);
  const folder = join(projectDir, ".trigger", "local");
  await removeLeftovers(folder);
  const outDir = join(folder, `${process.pid}-${Date.now().toString(36)}`);
  const remove = () => rm(outDir, { recursive: true, force: true });
  try {
    const host = await hostProject(options, await prepareProject(projectDir, outDir, say));
    return { ...host, close: () => host.close().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Bundles a project into a folder inside of it. */
export async function prepareProject(
  projectDir: string,
  outDir: string,
  say: (line: string) => void,
): Promise<PreparedProject> {
  await mkdir(outDir, { recursive: true });
  const project = await loadConfig(projectDir, outDir);
  return {
    bundle: await bundleProject(project, outDir, say),
    projectRef: project.config.project,
    conditions: project.config.build?.conditions ?? [],
  };
}

async function hostProject(options: WorkerHostOptions, prepared: PreparedProject): Promise<WorkerHost> {
  const { projectDir, apiUrl, secretKey, env = process.env, say = console.log } = options;
  const { bundle, conditions } = prepared;
  const projectRef = options.projectRef ?? prepared.projectRef;
  const slots = options.slots ?? Math.max(4, availableParallelism() * 2);
  const forced = {
    ...readEnvFiles(projectDir, options.envFile),
    NODE_ENV: "development",
    TRIGGER_API_URL: apiUrl,
    TRIGGER_SECRET_KEY: secretKey,
    TRIGGER_PROJECT_REF: projectRef,
  };
  const settings = { apiUrl, secretKey, projectRef };
  const { variables, register } = await registerWorker(settings);
  const processEnv = {
    ...env,
    ...variables,
    ...forced,
    ...exportSettings,
    [manifestVariable]: bundle.manifestFile,
  };
  const index = prepared.index ?? (await indexTasks(bundle, { projectDir, env: processEnv, say }));
  const worker = await register(index, bundle.contentHash);
  const guard = startGuard();
  const pool = new RunPool({
    warm: Math.min(slots, options.warm ?? Math.min(slots, 2)),
    spawn: (machine) =>
      new RunProcess({
        script: bundle.runProcess,
        projectDir,
        env: { ...processEnv, TRIGGER_WORKER_VERSION: worker.version },
        conditions,
        machine,
        worker,
        guard,
        say,
      }),
  });
  const fixed = new Set(Object.keys(forced));
  const runs = new HostedRuns({ pool, guard, slots, fixed, settings, worker: worker.id });
  return {
    version: worker.version,
    tasks: index.tasks.map((task) => task.id),
    sources: bundle.sources,
    retire: async () => {
      pool.retire();
      await runs.retire();
    },
    close: async () => {
      runs.close();
      await pool.close();
      guard.close();
    },
  };
}

/** Spans and logs go out in groups: one request for each of them would cost more than most runs. */
const exportSettings = {
  TRIGGER_OTEL_BATCH_PROCESSING_ENABLED: "1",
  TRIGGER_OTEL_SPAN_MAX_EXPORT_BATCH_SIZE: "512",
  TRIGGER_OTEL_SPAN_MAX_QUEUE_SIZE: "8192",
  TRIGGER_OTEL_LOG_MAX_EXPORT_BATCH_SIZE: "512",
  TRIGGER_OTEL_LOG_MAX_QUEUE_SIZE: "8192",
  // The server keeps no metrics.
  TRIGGER_OTEL_METRICS_COLLECTION_INTERVAL_MILLIS: "86400000",
  TRIGGER_OTEL_METRICS_EXPORT_INTERVAL_MILLIS: "86400000",
  OTEL_EXPORTER_OTLP_COMPRESSION: "none",
};

/** Bundles of hosts that were killed. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = Number.parseInt(name, 10);
    if (pid !== process.pid && !isAlive(pid)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
