import { mkdir, readdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { TaskRunErrorCodes } from "@trigger.dev/core/v3/schemas";
import { bundleProject, type Sources } from "./build/bundle";
import { loadConfig } from "./build/load-config";
import { Connection } from "./connection";
import { indexTasks } from "./index-tasks";
import { manifestVariable } from "./processes/messages";
import type { AttemptRef, Changed, Execute } from "./protocol";
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
  say?: (line: string) => void;
};

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
  const { projectDir, apiUrl, secretKey, env = process.env, say = console.log } = options;
  const slots = options.slots ?? Math.max(4, availableParallelism() * 2);
  const folder = join(projectDir, ".trigger", "local");
  await removeLeftovers(folder);
  const outDir = join(folder, `${process.pid}-${Date.now().toString(36)}`);
  await mkdir(outDir, { recursive: true });
  try {
    const project = await loadConfig(projectDir, outDir);
    const projectRef = options.projectRef ?? project.config.project;
    const bundle = await bundleProject(project, outDir, say);
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
    const index = await indexTasks(bundle, { projectDir, env: processEnv, say });
    const worker = await register(index, bundle.contentHash);
    const guard = startGuard();
    const pool = new RunPool({
      warm: Math.min(slots, options.warm ?? Math.min(slots, 2)),
      spawn: (machine) =>
        new RunProcess({
          script: bundle.runProcess,
          projectDir,
          env: { ...processEnv, TRIGGER_WORKER_VERSION: worker.version },
          conditions: project.config.build?.conditions ?? [],
          machine,
          worker,
          guard,
          say,
        }),
    });
    const runs = new HostedRuns({ pool, slots, fixed: new Set(Object.keys(forced)), settings, worker: worker.id });
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
        await rm(outDir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(outDir, { recursive: true, force: true });
    throw error;
  }
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

type Hosted = {
  attempt: number;
  process: RunProcess | undefined;
  /** Not executing: it waits for something, or for its next attempt. */
  isWaiting: boolean;
  isCancelled: boolean;
  isLost: boolean;
};

type HostedRunsOptions = {
  pool: RunPool;
  slots: number;
  /** Variables that the project's own must not replace. */
  fixed: ReadonlySet<string>;
  settings: { apiUrl: string; secretKey: string };
  worker: string;
};

/** The runs this host works on, from the moment they arrive until the server has taken their end. */
class HostedRuns {
  readonly #options: HostedRunsOptions;
  readonly #connection: Connection;
  readonly #runs = new Map<string, Hosted>();
  #retired: (() => void) | undefined;

  constructor(options: HostedRunsOptions) {
    this.#options = options;
    this.#connection = new Connection({
      ...options.settings,
      worker: options.worker,
      events: {
        held: () => [...this.#runs].map(([run, { attempt }]) => ({ run, attempt })),
        execute: (runs) => {
          for (const one of runs) void this.#work(one);
        },
        changed: (changed) => this.#changed(changed),
        lost: (runs) => {
          for (const run of runs === "all" ? [...this.#runs.keys()] : runs) this.#lose(run);
        },
        connected: () => this.#offer(),
      },
    });
  }

  close(): void {
    this.#connection.close();
  }

  retire(): Promise<void> {
    return new Promise((resolve) => {
      this.#retired = resolve;
      this.#connection.takeBackOffers();
      this.#offer();
    });
  }

  #offer(): void {
    if (this.#retired) {
      if (this.#runs.size === 0) this.#retired();
      return;
    }
    const active = [...this.#runs.values()].filter((hosted) => !hosted.isWaiting).length;
    this.#connection.offer(Math.max(0, this.#options.slots - active));
  }

  async #work(first: Execute): Promise<void> {
    const run = first.execution.run.id;
    const hosted: Hosted = { attempt: 0, process: undefined, isWaiting: false, isCancelled: false, isLost: false };
    this.#runs.set(run, hosted);
    let next: Execute | undefined = first;
    while (next && !hosted.isLost) {
      hosted.attempt = next.execution.attempt.number;
      hosted.isWaiting = false;
      next = await this.#attempt(hosted, next);
    }
    if (this.#runs.get(run) === hosted) this.#runs.delete(run);
    this.#offer();
  }

  /** One attempt and its report; what to execute next, if the run is to be tried again here. */
  async #attempt(hosted: Hosted, { execution, variables }: Execute): Promise<Execute | undefined> {
    const { pool, fixed } = this.#options;
    const ref: AttemptRef = { run: execution.run.id, attempt: hosted.attempt };
    const process = await pool.take(execution.machine ?? { name: "small-1x", cpu: 0.5, memory: 0.5, centsPerMs: 0 });
    if (hosted.isLost || hosted.isCancelled) {
      pool.giveBack(process);
      return hosted.isLost ? undefined : this.#confirmCancel(ref);
    }
    hosted.process = process;
    process.onSuspendable = (suspendable) => {
      hosted.isWaiting = suspendable;
      this.#offer();
    };
    const own = Object.fromEntries(Object.entries(variables).filter(([name]) => !fixed.has(name)));
    const completion = await process.execute({ execution, variables: own });
    hosted.process = undefined;
    if (hosted.isLost) return undefined;
    if (isOutOfMemory(completion)) void process.retire();
    else pool.giveBack(process);
    // Its slot is free from here on; the report travels beside the next run.
    hosted.isWaiting = true;
    this.#offer();
    const { next } = await this.#connection.complete({ ...ref, completion });
    if (next !== "retry" || completion.ok) return undefined;
    await pause(completion.retry?.delay ?? 0, () => hosted.isCancelled || hosted.isLost);
    if (hosted.isLost) return undefined;
    return hosted.isCancelled ? this.#confirmCancel(ref) : this.#connection.retry(ref);
  }

  async #confirmCancel(ref: AttemptRef): Promise<undefined> {
    const error = { type: "INTERNAL_ERROR", code: TaskRunErrorCodes.TASK_RUN_CANCELLED } as const;
    await this.#connection.complete({ ...ref, completion: { ok: false, id: ref.run, error } });
  }

  #changed({ run, attempt, status, waitpoints }: Changed): void {
    const hosted = this.#runs.get(run);
    if (hosted?.attempt !== attempt) {
      // It ended here before the server heard of it.
      if (status === "PENDING_CANCEL" && !hosted) void this.#confirmCancel({ run, attempt });
      return;
    }
    if (status === "LOST") this.#lose(run);
    else if (status === "EXECUTING" && waitpoints.length > 0) hosted.process?.resolveWaitpoints(waitpoints);
    else if (status === "PENDING_CANCEL" && !hosted.isCancelled) {
      hosted.isCancelled = true;
      void hosted.process?.cancel();
    }
  }

  #lose(run: string): void {
    const hosted = this.#runs.get(run);
    if (!hosted) return;
    hosted.isLost = true;
    this.#runs.delete(run);
    void hosted.process?.kill().then(() => this.#offer());
  }
}

function isOutOfMemory(completion: Parameters<Connection["complete"]>[0]["completion"]): boolean {
  if (completion.ok) return false;
  const { error } = completion;
  return error.type === "INTERNAL_ERROR" && error.code.includes("OOM");
}

/** Resolves after a time, or soon after there is a reason not to wait any longer. */
async function pause(ms: number, isOver: () => boolean): Promise<void> {
  const until = Date.now() + ms;
  while (Date.now() < until && !isOver()) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(100, until - Date.now())));
  }
}
