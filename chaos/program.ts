import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, type WriteStream } from "node:fs";
import { killNow, pause } from "./processes";

type ProgramOptions = {
  name: string;
  logFile: string;
  /** What to start, each time anew. */
  command: () => Promise<{
    command: string;
    args: string[];
    env?: NodeJS.ProcessEnv;
    cwd?: string;
    uid?: number;
    gid?: number;
  }>;
  /** Resolves when it does its work. */
  ready: (child: ChildProcess) => Promise<void>;
  /** Who goes with it: ended before it is started again. */
  killWith?: (pid: number) => () => Promise<void>;
};

/** A program that is started again whenever it ends, until `stop`. */
export class Program {
  readonly name: string;
  /** How often it ended without having been killed. */
  ownEnds = 0;
  isReady = false;
  readonly #options: ProgramOptions;
  readonly #log: WriteStream;
  #child: ChildProcess | undefined;
  #isStopped = false;
  #downMs = 0;
  #wasKilled = false;
  readonly #life: Promise<void>;

  constructor(options: ProgramOptions) {
    this.name = options.name;
    this.#options = options;
    this.#log = createWriteStream(options.logFile, { flags: "a" });
    this.#life = this.#live();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** SIGKILL; it stays away for the given time. False when there is nothing to kill at the moment. */
  async kill(downMs: number): Promise<boolean> {
    const pid = this.#child?.pid;
    if (pid === undefined) return false;
    this.#downMs = downMs;
    this.#wasKilled = true;
    const killOthers = this.#options.killWith?.(pid);
    if (!killNow(pid)) return false;
    await killOthers?.();
    return true;
  }

  async untilReady(): Promise<void> {
    while (!this.isReady) await pause(20);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.kill(0);
    await this.#life;
    this.#log.end();
  }

  async #live(): Promise<void> {
    while (!this.#isStopped) {
      const { command, args, ...options } = await this.#options.command();
      if (this.#isStopped) break;
      const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
      this.#wasKilled = false;
      this.#downMs = 0;
      this.#child = child;
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => this.#log.write(text));
      const ended = new Promise<void>((resolve) => {
        child.once("error", () => resolve());
        child.once("exit", () => resolve());
      });
      void this.#options.ready(child).then(
        () => {
          if (this.#child === child) this.isReady = true;
        },
        () => undefined,
      );
      await ended;
      this.#child = undefined;
      this.isReady = false;
      if (!this.#wasKilled) this.ownEnds += 1;
      this.#log.write(`-- ${this.name} ended ${this.#wasKilled ? "by us" : `by itself (${child.exitCode})`}\n`);
      if (!this.#isStopped) await pause(this.#wasKilled ? this.#downMs : 200);
    }
  }
}

/** Resolves when the program has printed this. */
export function printed(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve) => {
    let seen = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      seen = (seen + chunk).slice(-2_000);
      if (seen.includes(text)) resolve();
    });
  });
}
