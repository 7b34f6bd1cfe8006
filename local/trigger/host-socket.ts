import type { Namespace, Socket } from "socket.io";
import { pause, watch } from "./db/listener";
import type { Server } from "./engine/context";
import { type Dequeued, dequeue } from "./engine/dequeue";
import { friendly, internal } from "./engine/ids";
import { findRun } from "./engine/run";
import { type AttemptOutcome, completeAttempts, retryAttempt } from "./engine/session-attempts";
import {
  endUnlessBack,
  giveBack,
  type HandedAttempt,
  type HeldAttempt,
  openSession,
  renewSession,
  type SessionClaim,
} from "./engine/sessions";
import { queueIdOf, tasksOfWorker } from "./engine/tasks";
import { findWorker, type Worker } from "./engine/workers";
import { completedWaitpoints, wireExecution } from "./wire";
import type { AttemptRef, Changed, Execute, FromHost, FromServer, Hello, Outcome, Welcome } from "./worker/protocol";

type HostSocket = Socket<FromHost, FromServer>;

/** At most as many runs go to a host at once; a transaction that hands out more makes all others wait. */
const claimMax = 50;
/**
 * A host with room to spare lets runs that are triggered together come together. And who triggers a run and looks at it
 * at once sees it QUEUED first, as with every other worker: the answer to a trigger must not lose the race against its run.
 */
const gatherMs = 8;

/**
 * Worker hosts: each holds one connection and one session. Runs are pushed as soon as the host has room for them, with
 * their attempt begun; the host names session and attempt in all it says, so nobody can end what is not his.
 */
export function startHostSocket(hosts: Namespace<FromHost, FromServer>, server: Server): { close: () => void } {
  const connected = new Set<HostConnection>();
  hosts.use((socket, next) => {
    const token = (socket.handshake.headers.authorization ?? "").replace(/^Bearer\s+/i, "");
    next(token === server.settings.secretKey ? undefined : new Error("Invalid API key"));
  });
  hosts.on("connection", (socket) => {
    const connection = new HostConnection(server, socket);
    connected.add(connection);
    socket.on("disconnect", () => connected.delete(connection));
  });
  const tell = (runId: string) => {
    for (const connection of connected) connection.tell(runId);
  };
  const tellAll = () => {
    for (const connection of connected) connection.tellAll();
  };
  server.listener.on("worker", tell);
  server.listener.on("resync", tellAll);
  return {
    close: () => {
      server.listener.off("worker", tell);
      server.listener.off("resync", tellAll);
    },
  };
}

class HostConnection {
  readonly #server: Server;
  readonly #socket: HostSocket;
  /** The attempt of each run that this host works on, as far as this server has handed it out or was told. */
  #runs = new Map<string, number>();
  /** Made anew by each hello. */
  #claim: SessionClaim = { session: "", hello: 0 };
  #worker: Worker | undefined;
  #handedOut = 0;
  #credit = 0;
  /** Runs may have been handed out without our having heard of it. No more are, until the next hello. */
  #isUnsure = false;
  #isBusy = false;
  #wake: () => void = () => undefined;

  constructor(server: Server, socket: HostSocket) {
    this.#server = server;
    this.#socket = socket;
    socket.on("hello", (hello, answer) => void this.#hello(hello).then(answer, failing(answer)));
    socket.on("credit", (total) => {
      this.#credit = Math.max(this.#credit, total);
      this.#wake();
    });
    socket.on("renew", (answer) => {
      this.tellAll();
      if (this.#isUnsure) this.#socket.emit("unsure", this.#claim.hello);
      void renewSession(server, this.#claim.session).then(answer, failing(answer));
    });
    socket.on("complete", (completed, answer) => {
      if (!this.#hasBegun) return answer(tooEarly);
      const ended = completed.map((one) => ({ ...heldOf(one), completion: one.completion }));
      void completeAttempts(server, this.#claim.session, ended)
        .then((outcomes) => answer(outcomes.map((outcome) => this.#outcome(outcome))))
        .catch(failing(answer));
    });
    socket.on("retry", (after, answer) => {
      if (!this.#hasBegun) return answer(tooEarly);
      void this.#retry(after).then(answer, failing(answer));
    });
    socket.on("disconnect", () => {
      this.#wake();
      if (this.#claim.session) background(endUnlessBack(server, this.#claim));
    });
  }

  get #hasBegun(): boolean {
    return this.#worker !== undefined;
  }

  /** Tells the host how one of its runs is. */
  tell(runId: string): void {
    const attempt = this.#runs.get(runId);
    if (attempt !== undefined) background(this.#tell(runId, attempt));
  }

  /** Tells it of all whose state is not simply that they execute: a message may have been lost. */
  tellAll(): void {
    background(this.#tellAll());
  }

  async #hello(hello: Hello): Promise<Welcome | { error: string }> {
    const { db, settings } = this.#server;
    const worker = await findWorker(db, internal("worker", hello.worker));
    if (!worker) return { error: "This worker is not registered here." };
    const runs = hello.runs.map((run) => ({ ...heldOf(run), awaitsNext: run.awaitsNext }));
    const claim = { session: hello.session, hello: hello.number };
    const { isKnown, lost } = await openSession(this.#server, { ...hello, ...claim, workerId: worker.id, runs });
    if (isKnown) this.#begin(claim, worker, runs, lost);
    return {
      isKnown,
      lost: lost.map((id) => friendly("run", id)),
      leaseMs: settings.sessionLeaseMs,
      graceMs: settings.stallGraceMs,
    };
  }

  /** From here on both sides count anew, and know of the same runs. */
  #begin(claim: SessionClaim, worker: Worker, runs: HeldAttempt[], lost: string[]): void {
    if (claim.hello <= this.#claim.hello) return;
    // The host may have asked for the next attempt of a run, and been answered, since it said what it has.
    const before = claim.session === this.#claim.session ? this.#runs : new Map<string, number>();
    const kept = runs.filter(({ id }) => !lost.includes(id));
    this.#runs = new Map(kept.map(({ id, attempt }) => [id, Math.max(attempt, before.get(id) ?? 0)]));
    this.#claim = claim;
    this.#credit = 0;
    this.#handedOut = 0;
    this.#isUnsure = false;
    const isFirst = !this.#hasBegun;
    this.#worker = worker;
    if (isFirst) background(this.#handOutWhileConnected(worker));
    this.tellAll();
  }

  async #handOutWhileConnected(worker: Worker): Promise<void> {
    const { listener, settings, closing } = this.#server;
    const events = watch(listener, ["queue"]);
    const onClosing = () => this.#wake();
    closing.addEventListener("abort", onClosing);
    while (this.#socket.connected && !closing.aborted) {
      const credit = this.#credit;
      const room = this.#isUnsure ? 0 : Math.min(claimMax, credit - this.#handedOut);
      const claim = this.#claim;
      try {
        if (room > 0 && (await this.#handOut(worker, claim, room)) === room) continue;
      } catch (error) {
        this.#doubt(claim);
        report(error);
      }
      const waking = new AbortController();
      this.#wake = () => waking.abort();
      const isChanged = this.#credit !== credit || this.#claim !== claim;
      if (isChanged || !this.#socket.connected || closing.aborted) continue;
      // Without room nothing can be handed out, whatever the queues say.
      if (room === 0) await new Promise<void>((resolve) => waking.signal.addEventListener("abort", () => resolve()));
      else if (await events.wait(settings.pollMs, waking.signal)) await pause(gatherMs, closing);
    }
    events.close();
    closing.removeEventListener("abort", onClosing);
  }

  /** The database's answer was lost: what it has handed out, if anything, the next hello brings to light. */
  #doubt(claim: SessionClaim): void {
    if (claim !== this.#claim) return;
    this.#isUnsure = true;
    this.#socket.emit("unsure", claim.hello);
  }

  async #handOut(worker: Worker, claim: SessionClaim, max: number): Promise<number> {
    const { dequeued, variables } = await dequeue(this.#server, {
      worker,
      max,
      session: claim,
      isLikely: this.#isBusy,
    });
    this.#isBusy = dequeued.length > 0;
    if (!this.#isBusy) return 0;
    const executions = await Promise.all(dequeued.map((one) => this.#execute(one, variables)));
    if (!this.#socket.connected || claim !== this.#claim) {
      await giveBack(this.#server, claim.session, dequeued.map(handedOf));
      return 0;
    }
    this.#handedOut += dequeued.length;
    for (const { run } of dequeued) this.#runs.set(run.id, run.attempt_number);
    this.#socket.emit("execute", claim.hello, executions);
    return dequeued.length;
  }

  async #execute({ run, task }: Pick<Dequeued, "run" | "task">, variables: Record<string, string>): Promise<Execute> {
    const queue = { id: await queueIdOf(this.#server.db, run.queue), name: run.queue };
    return { execution: wireExecution(this.#server, run, task, queue) as unknown as Execute["execution"], variables };
  }

  async #retry(after: AttemptRef): Promise<Execute | { lost: true }> {
    const { id, attempt } = heldOf(after);
    const next = attempt + 1;
    // Before it begins: nothing that happens to it from then on is to be missed.
    this.#runs.set(id, next);
    const run = await retryAttempt(this.#server, this.#claim.session, { id, attempt });
    const task = run && (await tasksOfWorker(this.#server.db, run.worker_id ?? "")).get(run.task_id);
    if (!run || !task) {
      this.tell(id);
      return { lost: true };
    }
    const rows = await this.#server.db.query<{ name: string; value: string }>("select name, value from envvar");
    return this.#execute({ run, task }, Object.fromEntries(rows.map((row) => [row.name, row.value])));
  }

  #forget(id: string, attempt: number): void {
    if (this.#runs.get(id) === attempt) this.#runs.delete(id);
  }

  #outcome({ id, attempt, next }: AttemptOutcome): Outcome {
    if (next !== "RETRY_IMMEDIATELY") this.#forget(id, attempt);
    return { run: friendly("run", id), attempt, next: nextSteps[next] };
  }

  async #tell(runId: string, attempt: number): Promise<void> {
    const { session, hello } = this.#claim;
    const run = await findRun(this.#server.db, runId);
    // What was read says nothing about a run that has been handed out anew by another hello.
    if (hello !== this.#claim.hello) return;
    const ref = { run: friendly("run", runId), attempt };
    const status = run?.session_id === session ? run.execution_status : undefined;
    if (run && (status === "EXECUTING" || status === "EXECUTING_WITH_WAITPOINTS" || status === "PENDING_CANCEL")) {
      // Between two attempts the host hears of the next by the answer to its question.
      if (run.attempt_number !== attempt) return;
      const waitpoints = await this.#waitpointsOf(run.snapshot_id);
      this.#socket.emit("changed", hello, { ...ref, status, waitpoints });
    } else if (this.#runs.get(runId) === attempt) {
      // It has ended, or is somebody else's now. The answer to a completion says so too, but may have been lost.
      this.#runs.delete(runId);
      this.#socket.emit("changed", hello, { ...ref, status: "LOST", waitpoints: [] });
    }
  }

  async #waitpointsOf(snapshotId: string | null): Promise<Changed["waitpoints"]> {
    return (await completedWaitpoints(this.#server.db, snapshotId)) as unknown as Changed["waitpoints"];
  }

  async #tellAll(): Promise<void> {
    if (this.#runs.size === 0) return;
    const rows = await this.#server.db.prepared<{ id: string }>(
      `select id from unnest($1::text[]) as held (id) where not exists
         (select 1 from run join snapshot on snapshot.id = run.snapshot_id where run.id = held.id
          and run.session_id = $2 and run.execution_status = 'EXECUTING' and snapshot.completed_waitpoints = '[]')`,
      [[...this.#runs.keys()], this.#claim.session],
    );
    for (const { id } of rows) this.tell(id);
  }
}

const nextSteps = {
  RUN_FINISHED: "finished",
  RUN_PENDING_CANCEL: "finished",
  RETRY_QUEUED: "requeued",
  RETRY_IMMEDIATELY: "retry",
  LOST: "lost",
} as const satisfies Record<AttemptOutcome["next"], Outcome["next"]>;

/** What a client sends of its own accord when it is connected again, before the hello that says whose it is. */
const tooEarly = { error: "No hello has been said on this connection." };

function handedOf({ run, snapshot }: Dequeued): HandedAttempt {
  return { id: run.id, attempt: run.attempt_number, snapshotId: snapshot.id };
}

function heldOf({ run, attempt }: AttemptRef): HeldAttempt {
  return { id: internal("run", run), attempt };
}

/** The host says it again when it hears of an error, as when it hears nothing. */
function failing(answer: (error: { error: string }) => void) {
  return (error: unknown) => {
    report(error);
    answer({ error: error instanceof Error ? error.message : String(error) });
  };
}

/** What fails here (the database is away) is made up for: by the host, which asks again, or by the session's timer. */
function background(work: Promise<unknown>): void {
  work.catch(report);
}

function report(error: unknown): void {
  console.error(`trigger-local: worker host: ${error instanceof Error ? error.message : String(error)}`);
}
