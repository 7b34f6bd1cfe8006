import { TaskRunErrorCodes } from "@trigger.dev/core/v3/schemas";
import { Connection } from "./connection";
import type { AttemptRef, Changed, Execute } from "./protocol";
import { defaultMachine, type RunPool } from "./run-pool";
import type { RunProcess } from "./run-process";
import type { Guard } from "./start-guard";

type Hosted = {
  attempt: number;
  /** The attempt has failed, and the next was asked for. */
  awaitsNext: boolean;
  process: RunProcess | undefined;
  /** Not executing: it waits for something, or for its next attempt. */
  isWaiting: boolean;
  isCancelled: boolean;
  isLost: boolean;
};

type HostedRunsOptions = {
  pool: RunPool;
  guard: Guard;
  slots: number;
  /** Variables that the project's own must not replace. */
  fixed: ReadonlySet<string>;
  settings: { apiUrl: string; secretKey: string };
  worker: string;
};

/** The runs this host works on, from the moment they arrive until the server has taken their end. */
export class HostedRuns {
  readonly #options: HostedRunsOptions;
  readonly #connection: Connection;
  readonly #runs = new Map<string, Hosted>();
  #retired: (() => void) | undefined;

  constructor(options: HostedRunsOptions) {
    this.#options = options;
    options.pool.onReady = () => this.#offer();
    this.#connection = new Connection({
      ...options.settings,
      worker: options.worker,
      events: {
        held: () => [...this.#runs].map(([run, { attempt, awaitsNext }]) => ({ run, attempt, awaitsNext })),
        execute: (runs) => {
          for (const one of runs) void this.#work(one);
        },
        changed: (changed) => this.#changed(changed),
        lost: (runs) => {
          for (const run of runs === "all" ? [...this.#runs.keys()] : runs) this.#lose(run);
        },
        connected: () => this.#offer(),
        keptFor: (ms) => options.guard.keepFor(ms),
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
    const { slots, pool } = this.#options;
    const active = [...this.#runs.values()].filter((hosted) => !hosted.isWaiting).length;
    // An attempt begins when it is handed out: it must not have to wait for a process that is still starting.
    this.#connection.offer(Math.max(0, Math.min(slots - active, pool.ready)));
  }

  async #work(first: Execute): Promise<void> {
    const run = first.execution.run.id;
    const hosted: Hosted = {
      attempt: 0,
      awaitsNext: false,
      process: undefined,
      isWaiting: false,
      isCancelled: false,
      isLost: false,
    };
    this.#runs.set(run, hosted);
    let next: Execute | undefined = first;
    while (next && !hosted.isLost) {
      hosted.attempt = next.execution.attempt.number;
      hosted.awaitsNext = false;
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
    const process = await pool.take(execution.machine ?? defaultMachine);
    this.#connection.giveUpInTime();
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
    if (hosted.isCancelled) return this.#confirmCancel(ref);
    hosted.awaitsNext = true;
    return this.#connection.retry(ref, () => hosted.isLost);
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
