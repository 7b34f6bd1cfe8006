import { type ChildProcess, fork } from "node:child_process";
import {
  internalErrorFromUnexpectedExit,
  MaxDurationExceededError,
  UnexpectedExitError,
} from "@trigger.dev/core/v3/errors";
import { maxOldSpaceSizeFlag } from "@trigger.dev/core/v3/machines";
import { TaskRunErrorCodes } from "@trigger.dev/core/v3/schemas";
import type { FromRunProcess, ToRunProcess, WorkerIdentity } from "./processes/messages";
import type { Completion, Execute, Execution, Waitpoint } from "./protocol";
import type { Guard } from "./start-guard";

export type Machine = NonNullable<Execution["machine"]>;

export type RunProcessOptions = {
  script: string;
  projectDir: string;
  env: Record<string, string | undefined>;
  conditions: string[];
  machine: Machine;
  worker: WorkerIdentity;
  guard: Guard;
  say: (line: string) => void;
};

type RunError = Extract<Completion, { ok: false }>["error"];

/** A cancelled run's hooks may take this long; a process that does not even answer is ended much sooner. */
const cancelMaxMs = 25_000;
const answerMaxMs = 1_000;
/** From the polite signal to the other one. */
const terminateMs = 1_000;
/** The process measures its own time each second; beyond that it is too busy to look. */
const maxDurationSlackMs = 2_500;
/** How long the last lines of a process that is gone are waited for. */
const outputMaxMs = 1_000;
const stderrLinesMax = 100;
/** A module that never finishes loading would keep its run for ever. */
const startMaxMs = 60_000;

/** One process of the project's code. It executes one run at a time, many in its life. */
export class RunProcess {
  readonly machine: Machine;
  readonly ready: Promise<void>;
  /** Settles when the process is gone. */
  readonly gone: Promise<void>;
  memoryBytes = 0;
  /** Called when the run at work begins to wait, and when it goes on. */
  onSuspendable: (suspendable: boolean) => void = () => undefined;
  readonly #child: ChildProcess;
  readonly #options: RunProcessOptions;
  readonly #stderr: string[] = [];
  #current: { execution: Execution; end: (completion: Completion) => void } | undefined;
  /** Why we end the process ourselves, so that its exit is no surprise. */
  #reason: RunError | undefined;
  /** How it went, once it is gone: also for a run that was just about to be given to it. */
  #exit: RunError | undefined;
  #onMessage = new Map<FromRunProcess["type"], () => void>();
  #isGone = false;
  #timer: NodeJS.Timeout | undefined;
  #activeMs = 0;
  #activeSince = 0;

  constructor(options: RunProcessOptions) {
    const { script, projectDir, env, conditions, machine, guard } = options;
    this.#options = options;
    this.machine = machine;
    this.#child = fork(script, [], {
      cwd: projectDir,
      env: env as NodeJS.ProcessEnv,
      execArgv: [
        "--enable-source-maps",
        "--disable-warning=ExperimentalWarning",
        maxOldSpaceSizeFlag(machine),
        ...conditions.map((condition) => `--conditions=${condition}`),
      ],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const { pid } = this.#child;
    if (pid !== undefined) guard.watch(pid);
    this.ready = new Promise((resolve) => this.#onMessage.set("ready", resolve));
    const starting = setTimeout(() => this.#child.kill("SIGKILL"), startMaxMs);
    void this.ready.finally(() => clearTimeout(starting));
    this.gone = new Promise((resolve) => {
      this.#child.once("error", () => resolve(this.#exited(-1, null)));
      // `close` comes after the last line of output, which says why; but not while a program that the task has started
      // holds that output.
      this.#child.once("close", (code, signal) => resolve(this.#exited(code, signal)));
      this.#child.once("exit", (code, signal) => setTimeout(() => resolve(this.#exited(code, signal)), outputMaxMs));
    });
    this.#child.on("message", (message: FromRunProcess) => this.#receive(message));
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#print(text));
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr.push(text);
      if (this.#stderr.length > stderrLinesMax) this.#stderr.shift();
      this.#print(text);
    });
  }

  get isUsable(): boolean {
    return !this.#isGone && this.#reason === undefined && this.#child.connected;
  }

  /** Executes an attempt. Never rejects: whatever happens to the process is an error of the attempt. */
  execute({ execution, variables }: Execute): Promise<Completion> {
    return new Promise((resolve) => {
      this.#current = { execution, end: resolve };
      if (!this.isUsable) return this.#fail(this.#exit ?? unexpectedExit(-1, null, undefined));
      this.#setBusy(true);
      this.#activeMs = 0;
      this.#startClock();
      this.#send({ type: "execute", execution, variables, worker: this.#options.worker });
    });
  }

  resolveWaitpoints(waitpoints: Waitpoint[]): void {
    this.#send({ type: "waitpoints", waitpoints });
  }

  /** Lets the run's cancel hooks have their time, then ends the process. */
  async cancel(): Promise<void> {
    this.#reason = { type: "INTERNAL_ERROR", code: TaskRunErrorCodes.TASK_RUN_CANCELLED };
    const answered = this.#heard("cancelling", answerMaxMs);
    const done = this.#heard("flushed", cancelMaxMs);
    this.#send({ type: "cancel", timeoutMs: cancelMaxMs });
    if (await answered) await done;
    await this.#terminate();
  }

  /** Ends the process at once. A run that was at work is nobody's business any more. */
  async kill(): Promise<void> {
    this.#reason ??= { type: "INTERNAL_ERROR", code: TaskRunErrorCodes.TASK_EXECUTION_ABORTED };
    this.#child.kill("SIGKILL");
    await this.gone;
  }

  /** Ends an idle process, which may still have something to send. */
  async retire(): Promise<void> {
    const flushed = this.#heard("flushed", answerMaxMs * 2);
    this.#send({ type: "flush" });
    await flushed;
    await this.#terminate();
  }

  #receive(message: FromRunProcess): void {
    this.#onMessage.get(message.type)?.();
    switch (message.type) {
      case "completed":
        this.memoryBytes = message.memoryBytes ?? this.memoryBytes;
        if (this.#current && this.#reason === undefined && isFor(this.#current.execution, message))
          this.#end(message.completion);
        break;
      case "suspendable":
        if (message.suspendable) this.#stopClock();
        else this.#startClock();
        this.onSuspendable(message.suspendable);
        break;
      case "uncaught": {
        const { message: text, stack } = message.error;
        const code = TaskRunErrorCodes.TASK_RUN_UNCAUGHT_EXCEPTION;
        this.#endProcess({ type: "INTERNAL_ERROR", code, message: text, ...(stack ? { stackTrace: stack } : {}) });
        break;
      }
      case "max-duration":
        this.#endProcess(maxDurationError(message.maxDurationInSeconds, message.elapsedTimeInSeconds));
        break;
      case "ready":
      case "cancelling":
      case "flushed":
        break;
    }
  }

  /**
   * The attempt has failed by the given error. It is over when the process is gone, which has some time to send its
   * logs: until then its code may go on, and the next attempt must not begin beside it.
   */
  #endProcess(error: RunError): void {
    this.#reason ??= error;
    void this.retire();
  }

  #startClock(): void {
    const limitMs = (this.#current?.execution.run.maxDuration ?? 0) * 1_000;
    this.#activeSince = performance.now();
    clearTimeout(this.#timer);
    if (limitMs === 0) return;
    const leftMs = limitMs - this.#activeMs + maxDurationSlackMs;
    this.#timer = setTimeout(() => {
      this.#stopClock();
      this.#reason = maxDurationError(limitMs / 1_000, this.#activeMs / 1_000);
      this.#child.kill("SIGKILL");
    }, leftMs);
  }

  #stopClock(): void {
    clearTimeout(this.#timer);
    this.#activeMs += performance.now() - this.#activeSince;
  }

  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#isGone) return;
    this.#isGone = true;
    if (this.#child.pid !== undefined) this.#options.guard.forget(this.#child.pid);
    this.#exit = this.#reason ?? unexpectedExit(code ?? -1, signal, this.#stderr.join("\n") || undefined);
    this.#fail(this.#exit);
    for (const heard of this.#onMessage.values()) heard();
  }

  #fail(error: RunError): void {
    if (this.#current) this.#end({ ok: false, id: this.#current.execution.run.id, error });
  }

  #end(completion: Completion): void {
    clearTimeout(this.#timer);
    this.#setBusy(false);
    const { end } = this.#current ?? {};
    this.#current = undefined;
    this.#stderr.length = 0;
    this.onSuspendable = () => undefined;
    end?.(completion);
  }

  #setBusy(isBusy: boolean): void {
    if (this.#child.pid !== undefined && !this.#isGone) this.#options.guard.setBusy(this.#child.pid, isBusy);
  }

  #send(message: ToRunProcess): void {
    // An error here means that the process is going: its exit says the rest.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** True when the process says so in time; false also when it ends. */
  #heard(type: FromRunProcess["type"], timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (heard: boolean) => {
        clearTimeout(timer);
        this.#onMessage.delete(type);
        resolve(heard);
      };
      const timer = setTimeout(() => finish(false), timeoutMs);
      this.#onMessage.set(type, () => finish(!this.#isGone));
      if (this.#isGone) finish(false);
    });
  }

  async #terminate(): Promise<void> {
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), terminateMs);
    await this.gone;
    clearTimeout(timer);
  }

  #print(text: string): void {
    const run = this.#current?.execution.run.id;
    for (const line of text.split("\n")) if (line) this.#options.say(run ? `${run} ${line}` : line);
  }
}

function isFor(execution: Execution, message: { run: string; attempt: number }): boolean {
  return execution.run.id === message.run && execution.attempt.number === message.attempt;
}

function unexpectedExit(code: number, signal: NodeJS.Signals | null, stderr: string | undefined): RunError {
  return internalErrorFromUnexpectedExit(new UnexpectedExitError(code, signal, stderr)) as RunError;
}

function maxDurationError(limit: number, elapsed: number): RunError {
  const { message } = new MaxDurationExceededError(limit, elapsed);
  return { type: "INTERNAL_ERROR", code: TaskRunErrorCodes.MAX_DURATION_EXCEEDED, message };
}
