import { auth, tasks, wait } from "@trigger.dev/sdk";
import { pause } from "./processes";
import { Random } from "./random";
import { secretKey } from "./world";

const kinds = {
  quick: 20,
  once: 8,
  flaky: 14,
  waits: 5,
  token: 8,
  parent: 9,
  fanout: 6,
  single: 14,
  sleepy: 8,
  busy: 6,
  delayed: 6,
  keyed: 8,
} as const;
export type Kind = keyof typeof kinds;

/** A trigger that was acknowledged, and what its run has to answer if it completes. */
export type Acknowledged = { id: string; kind: Kind; n: number };

const ratePerSecond = 9;
const unfinishedMax = 70;

/** Triggers runs of all kinds through the official SDK, against both servers in turn, until it is told to stop. */
export class Load {
  readonly acknowledged: Acknowledged[] = [];
  /** Pairs of ids that two simultaneous triggers with one idempotency key were given. */
  readonly twins: [string, string][] = [];
  failedTriggers = 0;
  readonly #urls: string[];
  readonly #random: Random;
  readonly #underWay = new Set<Promise<void>>();
  #isStopping = false;
  #isCalm = false;
  #unfinished = 0;
  #finished = 0;
  #wakeAtCount: { count: number; wake: () => void } | undefined;

  constructor(urls: string[], seed: number) {
    this.#urls = urls;
    this.#random = new Random(seed ^ 0x5eed);
  }

  /** How the runs are at present: many that are not final make the load wait. */
  see(counts: { unfinished: number; finished: number }): void {
    this.#unfinished = counts.unfinished;
    this.#finished = counts.finished;
    this.#checkProgress();
  }

  async run(): Promise<void> {
    for (let n = 0; !this.#isStopping; n++) {
      const kind = this.#random.weighted(kinds);
      const one = this.#one(kind, n).finally(() => this.#underWay.delete(one));
      this.#underWay.add(one);
      await pause(1_000 / ratePerSecond);
      while (!this.#isStopping && this.#isFull) await pause(50);
    }
    await Promise.all(this.#underWay);
  }

  stop(): void {
    this.#isStopping = true;
  }

  /** Resolves when so many more triggers are acknowledged or runs have ended, or after a time. */
  progress(steps: number, atMostMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, atMostMs);
      function done() {
        clearTimeout(timer);
        resolve();
      }
      this.#wakeAtCount = { count: this.#steps + steps, wake: done };
      this.#checkProgress();
    });
  }

  get #isFull(): boolean {
    return this.#isCalm || this.#unfinished > unfinishedMax || this.#underWay.size > 60;
  }

  get #steps(): number {
    return this.acknowledged.length + this.#finished;
  }

  /** Resolves when few runs are left unfinished, or after a time; triggers nothing meanwhile. */
  async calm(atMostMs: number): Promise<void> {
    const until = performance.now() + atMostMs;
    this.#isCalm = true;
    while (performance.now() < until && this.#unfinished > 5) await pause(100);
    this.#isCalm = false;
  }

  #checkProgress(): void {
    if (this.#wakeAtCount && this.#steps >= this.#wakeAtCount.count) this.#wakeAtCount.wake();
  }

  async #one(kind: Kind, n: number): Promise<void> {
    switch (kind) {
      case "token": {
        const token = await this.#ask(n, () => wait.createToken({ timeout: "1h" }));
        await this.#trigger(kind, n, "token", { n, token: token.id });
        await pause(200 + (n % 10) * 300);
        await this.#ask(n + 1, () => wait.completeToken(token.id, { n }));
        return;
      }
      case "single":
        return void (await this.#trigger(kind, n, "single", { n, key: `k${n % 2}` }, { concurrencyKey: `k${n % 2}` }));
      case "delayed":
        return void (await this.#trigger(
          kind,
          n,
          "quick",
          { n },
          { delay: new Date(Date.now() + 300 + (n % 5) * 700) },
        ));
      case "keyed": {
        const options = { idempotencyKey: `key-${n}` };
        const [a, b] = await Promise.all([
          this.#trigger(kind, n, "quick", { n }, options),
          this.#trigger(kind, n + 1, "quick", { n }, options, n),
        ]);
        this.twins.push([a, b]);
        return;
      }
      case "quick":
      case "once":
      case "flaky":
      case "waits":
      case "parent":
      case "fanout":
      case "sleepy":
      case "busy":
        return void (await this.#trigger(kind, n, kind, { n }));
    }
  }

  async #trigger(kind: Kind, turn: number, task: string, payload: object, options = {}, n = turn): Promise<string> {
    const { id } = await this.#ask(turn, () => tasks.trigger(task, payload, options));
    this.acknowledged.push({ id, kind, n });
    this.#checkProgress();
    return id;
  }

  /** Asks one server, then the other, until one of them answers: whatever was not answered was not acknowledged. */
  async #ask<Answer>(turn: number, call: () => Promise<Answer>): Promise<Answer> {
    const retry = { maxAttempts: 4, minTimeoutInMs: 100, maxTimeoutInMs: 500, factor: 2, randomize: true };
    for (let attempt = 0; ; attempt++) {
      const baseURL = this.#urls[(turn + attempt) % this.#urls.length] ?? "";
      try {
        return await auth.withAuth({ baseURL, accessToken: secretKey, requestOptions: { retry } }, call);
      } catch {
        this.failedTriggers += 1;
        await pause(100);
      }
    }
  }
}
