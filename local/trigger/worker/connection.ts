import { randomUUID } from "node:crypto";
import { io, type Socket } from "socket.io-client";
import type {
  AttemptRef,
  Changed,
  Completed,
  Execute,
  FromHost,
  FromServer,
  HostedRef,
  Outcome,
  Welcome,
} from "./protocol";
import { hostNamespace } from "./protocol";

export type HostEvents = {
  /** Everything the host works on, also what it has not been able to report yet. */
  held: () => HostedRef[];
  execute: (runs: Execute[]) => void;
  changed: (changed: Changed) => void;
  /** These are somebody else's from now on, or soon: stop them, say nothing more of them. */
  lost: (runs: "all" | string[]) => void;
  connected: () => void;
  /** After this time without another word they are to be stopped, even if this process does not come to it. */
  keptFor: (ms: number) => void;
};

const answerMaxMs = 10_000;
const repeatMs = 300;
/**
 * Our clock starts when a renewal is sent, the server's when it arrives; the rest is for stopping what runs: by us, and a
 * little later, should we be stuck, by somebody else.
 */
const leaseShare = 0.75;
const othersShare = 0.12;
/** A database that is being restarted costs some renewals, not the lease. */
const renewalsPerLease = 5;
const completedMax = 100;

/**
 * The host's side of its session. While the server answers, the session is renewed; when it can not be reached for so
 * long that the server may give the runs to somebody else, they are given up first.
 */
export class Connection {
  readonly #socket: Socket<FromServer, FromHost>;
  readonly #worker: string;
  readonly #events: HostEvents;
  #session = randomUUID();
  /** The number of the newest hello. What goes with an earlier one comes too late. */
  #hellos = 0;
  #isNew = true;
  #isOpen = false;
  #leaseMs = answerMaxMs;
  #graceMs = answerMaxMs;
  /** Until when the session is ours for sure. */
  #leaseEndsAt = Number.POSITIVE_INFINITY;
  #givenUpAt = Number.POSITIVE_INFINITY;
  #credit = 0;
  #received = 0;
  #completed: (Completed & { resolve: (outcome: Outcome) => void })[] = [];
  #isReporting = false;
  #renewal: NodeJS.Timeout | undefined;
  readonly #watch: NodeJS.Timeout;

  constructor(options: { apiUrl: string; secretKey: string; worker: string; events: HostEvents }) {
    this.#worker = options.worker;
    this.#events = options.events;
    this.#socket = io(options.apiUrl + hostNamespace, {
      transports: ["websocket"],
      extraHeaders: { authorization: `Bearer ${options.secretKey}` },
      reconnectionDelay: 50,
      reconnectionDelayMax: 500,
    });
    this.#socket.on("connect", () => void this.#hello());
    this.#socket.on("disconnect", () => this.#disconnected());
    this.#socket.on("connect_error", (error) => this.#unreachable(error));
    this.#socket.on("execute", (hello, runs) => {
      this.giveUpInTime();
      // Our latest hello did not name them: they go back to their queue.
      if (!this.#isOpen || hello !== this.#hellos) return;
      this.#received += runs.length;
      this.#events.execute(runs);
    });
    this.#socket.on("changed", (hello, changed) => {
      if (hello === this.#hellos) this.#events.changed(changed);
    });
    this.#socket.on("unsure", (hello) => this.#helloLater(hello));
    this.#watch = setInterval(() => this.giveUpInTime(), 100);
  }

  /** How many more runs the host has room for. What was promised before is not taken back. */
  offer(room: number): void {
    const wanted = this.#received + room;
    if (wanted <= this.#credit) return;
    this.#credit = wanted;
    if (this.#isOpen) this.#socket.emit("credit", this.#credit);
  }

  /** The server counts anew with each connection, and takes back what it has handed out but not delivered. */
  takeBackOffers(): void {
    this.#socket.disconnect().connect();
  }

  /** Reports the end of an attempt until the server has taken it. Ends that come together are reported together. */
  complete(completed: Completed): Promise<Outcome> {
    // Whoever wakes up late must not report how its processes were ended meanwhile.
    this.giveUpInTime();
    return new Promise((resolve) => {
      this.#completed.push({ ...completed, resolve });
      void this.#report();
    });
  }

  /** Asks to begin the next attempt of a run; undefined when the run is not ours any more. */
  async retry(after: AttemptRef, isOver: () => boolean): Promise<Execute | undefined> {
    while (!isOver()) {
      const answer = await this.#ask(() => this.#socket.timeout(answerMaxMs).emitWithAck("retry", after));
      if (answer === "lost" || (answer && "lost" in answer)) return undefined;
      if (answer && !("error" in answer)) return answer;
      await pause(repeatMs);
    }
    return undefined;
  }

  close(): void {
    clearInterval(this.#watch);
    clearTimeout(this.#renewal);
    this.#socket.disconnect();
  }

  /** Undefined when there is no answer; "lost" when the session that asked has ended meanwhile. */
  async #ask<Answer>(ask: () => Promise<Answer>): Promise<Answer | "lost" | undefined> {
    const session = this.#session;
    if (!this.#isOpen) await pause(repeatMs / 3);
    else {
      const answer = await ask().catch(() => undefined);
      this.giveUpInTime();
      if (session === this.#session) return answer;
    }
    return session === this.#session ? undefined : "lost";
  }

  async #hello(): Promise<void> {
    this.#isOpen = false;
    const sentAt = performance.now();
    this.#hellos += 1;
    const hello = {
      number: this.#hellos,
      session: this.#session,
      worker: this.#worker,
      isNew: this.#isNew,
      runs: this.#events.held(),
    };
    const welcome = await this.#socket
      .timeout(answerMaxMs)
      .emitWithAck("hello", hello)
      .catch(() => ({ error: "no answer" }));
    if (!this.#isNewest(hello.number)) return;
    // One that took longer than the lease opens nothing.
    if ("error" in welcome || performance.now() >= sentAt + welcome.leaseMs * leaseShare) {
      this.#helloLater(hello.number);
      return;
    }
    this.giveUpInTime();
    if (hello.session !== this.#session || !welcome.isKnown) {
      if (hello.session === this.#session) this.#giveUp();
      void this.#hello();
      return;
    }
    this.#opened(welcome, sentAt);
  }

  /** False when another was said meanwhile, or will be as soon as there is a connection. */
  #isNewest(hello: number): boolean {
    return this.#socket.connected && hello === this.#hellos;
  }

  /** Not at once: whatever the reason is, it may last. */
  #helloLater(after: number): void {
    setTimeout(() => void (this.#isNewest(after) && this.#hello()), repeatMs);
  }

  #opened(welcome: Welcome, sentAt: number): void {
    this.#isNew = false;
    this.#isOpen = true;
    this.#leaseMs = welcome.leaseMs;
    this.#graceMs = welcome.graceMs;
    this.#leaseEndsAt = 0;
    this.#renewed(sentAt);
    this.#events.lost(welcome.lost);
    // The server counts anew with each connection.
    this.#received = 0;
    this.#credit = 0;
    this.#events.connected();
    void this.#report();
    this.#renewLater();
  }

  #renewed(sentAt: number): void {
    this.#leaseEndsAt = Math.max(this.#leaseEndsAt, sentAt + this.#leaseMs * leaseShare);
    this.#keepUntil(this.#leaseEndsAt);
  }

  #keepUntil(at: number): void {
    this.#givenUpAt = at;
    this.#events.keptFor(at - performance.now() + Math.min(this.#leaseMs, this.#graceMs) * othersShare);
  }

  /** The next goes out in time even when the answer to this one is late. */
  async #renew(): Promise<void> {
    if (!this.#isOpen) return;
    this.#renewLater();
    const sentAt = performance.now();
    const session = this.#session;
    const isKnown = await this.#socket
      .timeout(Math.min(answerMaxMs, this.#leaseMs))
      .emitWithAck("renew")
      .catch(() => undefined);
    if (!this.#isOpen || session !== this.#session) return;
    // What comes after the end of our time comes too late: the guard may have acted already.
    if (isKnown === false || performance.now() >= this.#givenUpAt) {
      this.#giveUp();
      void this.#hello();
    } else if (isKnown === true) this.#renewed(sentAt);
  }

  #renewLater(): void {
    clearTimeout(this.#renewal);
    this.#renewal = setTimeout(() => void this.#renew(), this.#leaseMs / renewalsPerLease);
  }

  /** The server lives and has seen the connection close: it waits for us only a short while. */
  #disconnected(): void {
    this.#isOpen = false;
    clearTimeout(this.#renewal);
    this.#keepUntil(Math.min(this.#leaseEndsAt, performance.now() + this.#graceMs * leaseShare));
  }

  /** Nobody listens there: the server that might have seen the connection close is dead, so only the lease counts. */
  #unreachable(error: Error & { description?: { error?: { code?: string } } }): void {
    if (error.description?.error?.code === "ECONNREFUSED") this.#keepUntil(this.#leaseEndsAt);
  }

  /** Gives the runs up if their time is over. Asked again whenever one is about to begin: this process may wake up late. */
  giveUpInTime(): void {
    if (performance.now() < this.#givenUpAt) return;
    this.#giveUp();
    if (this.#isOpen) void this.#hello();
  }

  /** What the old session held is not ours any more; what comes next belongs to a new one. */
  #giveUp(): void {
    this.#session = randomUUID();
    this.#isNew = true;
    this.#leaseEndsAt = Number.POSITIVE_INFINITY;
    this.#keepUntil(Number.POSITIVE_INFINITY);
    const unreported = this.#completed;
    this.#completed = [];
    for (const { run, attempt, resolve } of unreported) resolve({ run, attempt, next: "lost" });
    this.#events.lost("all");
  }

  async #report(): Promise<void> {
    if (this.#isReporting) return;
    this.#isReporting = true;
    while (this.#completed.length > 0 && this.#isOpen) {
      const some = this.#completed.slice(0, completedMax);
      const ends = some.map(({ run, attempt, completion }) => ({ run, attempt, completion }));
      const outcomes = await this.#ask(() => this.#socket.timeout(answerMaxMs).emitWithAck("complete", ends));
      if (!Array.isArray(outcomes)) {
        await pause(repeatMs);
        continue;
      }
      this.#completed = this.#completed.filter((one) => !some.includes(one));
      for (const [index, { resolve, run, attempt }] of some.entries())
        resolve(outcomes[index] ?? { run, attempt, next: "lost" });
    }
    this.#isReporting = false;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
