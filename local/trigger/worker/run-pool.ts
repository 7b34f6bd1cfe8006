import type { Machine, RunProcess } from "./run-process";

export type RunPoolOptions = {
  spawn: (machine: Machine) => RunProcess;
  /** Processes that are kept ready for the machine that tasks have unless they ask for another. */
  warm: number;
  /** After a run whose process has grown beyond this share of its memory, the next gets a fresh one. */
  memoryShareMax?: number;
};

export const defaultMachine: Machine = { name: "small-1x", cpu: 0.5, memory: 0.5, centsPerMs: 0 };
const idleMs = 60_000;
const failedStartPauseMs = 2_000;

/** Run processes that wait for a run. A run that waits keeps its process; another takes its place here. */
export class RunPool {
  readonly #options: RunPoolOptions;
  #idle: { process: RunProcess; timer: NodeJS.Timeout | undefined }[] = [];
  #all = new Set<RunProcess>();
  #isStarting = false;
  #hasFailedToStart = false;
  /** Called when `ready` has grown. */
  onReady: () => void = () => undefined;
  #isClosed = false;
  #isRetired = false;

  constructor(options: RunPoolOptions) {
    this.#options = options;
    this.#keepWarm();
  }

  /**
   * How many runs could begin at this moment. When processes do not even start it is 1: the next run then ends with the
   * reason, instead of waiting for ever.
   */
  get ready(): number {
    const ready = this.#idle.filter(({ process }) => isReadyForMost(process)).length;
    return ready === 0 && this.#hasFailedToStart ? 1 : ready;
  }

  /** A process for one run; it comes back by `giveBack`. */
  async take(machine: Machine): Promise<RunProcess> {
    const idle = this.#idle.findLast(({ process }) => process.machine.name === machine.name && process.isUsable);
    if (idle) {
      clearTimeout(idle.timer);
      this.#idle = this.#idle.filter((one) => one !== idle);
      this.#keepWarm();
      return idle.process;
    }
    const process = this.#spawn(machine);
    await Promise.race([process.ready, process.gone]);
    return process;
  }

  giveBack(process: RunProcess): void {
    if (!process.isUsable || this.#isClosed) return;
    if (this.#isRetired) return void process.retire();
    const { memoryShareMax = 0.9 } = this.#options;
    if (process.memoryBytes > process.machine.memory * 1024 ** 3 * memoryShareMax) {
      void process.retire();
      this.#keepWarm();
      return;
    }
    const isWarm = process.machine.name === defaultMachine.name && this.#idle.length < this.#options.warm;
    const entry = { process, timer: isWarm ? undefined : setTimeout(() => this.#dismiss(process), idleMs) };
    entry.timer?.unref();
    this.#idle.push(entry);
    this.onReady();
  }

  /** From now on processes are started only when a run needs one. */
  retire(): void {
    this.#isRetired = true;
    for (const { process, timer } of this.#idle) {
      clearTimeout(timer);
      this.#dismiss(process);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { timer } of this.#idle) clearTimeout(timer);
    await Promise.all([...this.#all].map((process) => process.kill()));
  }

  #dismiss(process: RunProcess): void {
    this.#idle = this.#idle.filter((one) => one.process !== process);
    void process.retire();
  }

  #spawn(machine: Machine): RunProcess {
    const process = this.#options.spawn(machine);
    this.#all.add(process);
    void process.gone.then(() => {
      this.#all.delete(process);
      this.#idle = this.#idle.filter((one) => one.process !== process);
      this.#keepWarm();
    });
    return process;
  }

  /** As many as wanted, and always one more than are busy. One at a time: the runs at work need the processors too. */
  #keepWarm(): void {
    const ready = this.#idle.filter(({ process }) => isReadyForMost(process)).length;
    const busy = this.#all.size - this.#idle.length;
    if (this.#isClosed || this.#isRetired || this.#isStarting || ready >= Math.max(1, this.#options.warm - busy))
      return;
    this.#isStarting = true;
    const process = this.#spawn(defaultMachine);
    void Promise.race([process.ready, process.gone]).then(() => {
      this.#hasFailedToStart = !process.isUsable;
      this.giveBack(process);
      if (this.#hasFailedToStart) this.onReady();
      // One that did not even start would be followed by another, and another.
      setTimeout(
        () => {
          this.#isStarting = false;
          this.#keepWarm();
        },
        process.isUsable ? 0 : failedStartPauseMs,
      ).unref();
    });
  }
}

function isReadyForMost(process: RunProcess): boolean {
  return process.isUsable && process.machine.name === defaultMachine.name;
}
