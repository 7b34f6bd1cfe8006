import { randomUUID } from "node:crypto";
import { configure, runs, tasks } from "@trigger.dev/sdk";
import pg from "pg";
import { io, type Socket } from "socket.io-client";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import type {
  AttemptRef,
  Changed,
  Execute,
  FromHost,
  FromServer,
  Hello,
  Outcome,
} from "@/local/trigger/worker/protocol";
import { expectConsoleError } from "@/tests/support/console";
import { eventually } from "./host-project";
import { secretKey, triggerServerForFile } from "./server";
import { TestWorker } from "./worker";

const graceMs = 300;
const server = triggerServerForFile({ stallGraceMs: graceMs, sessionLeaseMs: 20_000 });
let worker: TestWorker;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  worker = await new TestWorker(server.url).register([
    { id: "task", retry: { maxAttempts: 3, minTimeoutInMs: 10, factor: 1, randomize: false } },
  ]);
});

let hellos = 0;

/** A worker host's connection, a message at a time. */
class Connection {
  readonly received: Execute[] = [];
  readonly changes: Changed[] = [];
  /** The hellos that the server asked to have again. */
  readonly doubts: number[] = [];
  readonly #socket: Socket<FromServer, FromHost>;

  constructor() {
    this.#socket = io(`${server.url}/worker-host`, {
      transports: ["websocket"],
      forceNew: true,
      extraHeaders: { authorization: `Bearer ${secretKey}` },
    });
    this.#socket.on("execute", (_hello, all) => this.received.push(...all));
    this.#socket.on("changed", (_hello, changed) => this.changes.push(changed));
    this.#socket.on("unsure", (hello) => this.doubts.push(hello));
    onTestFinished(() => void this.#socket.disconnect());
  }

  hello(session: string, about: Partial<Hello> = {}) {
    hellos += 1;
    return this.#socket.emitWithAck("hello", {
      number: hellos,
      session,
      worker: `worker_${worker.id}`.replace("worker_worker_", "worker_"),
      isNew: true,
      runs: [],
      ...about,
    });
  }

  credit(total: number): void {
    this.#socket.emit("credit", total);
  }

  next(): Promise<Execute> {
    return eventually("a run", () => this.received.shift());
  }

  renew() {
    return this.#socket.emitWithAck("renew");
  }

  complete(one: AttemptRef): Promise<Outcome[] | { error: string }> {
    const completion = { ok: true as const, id: one.run, output: '"done"', outputType: "application/json" };
    return this.#socket.emitWithAck("complete", [{ ...one, completion }]);
  }

  fail(one: AttemptRef, durationMs = 0) {
    const error = { type: "BUILT_IN_ERROR" as const, name: "Error", message: "no", stackTrace: "" };
    const retry = { timestamp: Date.now(), delay: 0 };
    return this.#socket.emitWithAck("complete", [
      { ...one, completion: { ok: false as const, id: one.run, error, retry, usage: { durationMs } } },
    ]);
  }

  retry(after: AttemptRef) {
    return this.#socket.emitWithAck("retry", after);
  }

  close(): void {
    this.#socket.disconnect();
  }
}

async function sql(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.database.url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

const refOf = ({ execution }: Execute): AttemptRef => ({ run: execution.run.id, attempt: execution.attempt.number });

test("a session that another connection has taken along outlives the grace time of the first", async () => {
  const session = randomUUID();
  const first = new Connection();
  await first.hello(session);

  first.close();
  const second = new Connection();
  await second.hello(session, { isNew: false });
  await new Promise((resolve) => setTimeout(resolve, graceMs * 3));

  expect(await second.renew()).toBe(true);
});

test("a session nobody takes up again ends after the grace time, and its run goes to another as a new attempt", async () => {
  const first = new Connection();
  await first.hello(randomUUID());
  first.credit(1);
  await tasks.trigger("task", {});
  const lost = await first.next();

  first.close();
  const second = new Connection();
  await second.hello(randomUUID());
  second.credit(1);
  const again = await second.next();

  expect(refOf(again)).toEqual({ ...refOf(lost), attempt: 2 });
  await second.complete(refOf(again));
});

test("a run that never reached its host goes to it again, and the attempt does not count", async () => {
  const session = randomUUID();
  const first = new Connection();
  await first.hello(session);
  first.credit(1);
  await tasks.trigger("task", {});
  const unread = await first.next();

  first.close();
  const second = new Connection();
  // As if the message had been lost: the host names no run.
  await second.hello(session, { isNew: false });
  second.credit(1);
  const again = await second.next();

  expect(refOf(again)).toEqual(refOf(unread));
  await second.complete(refOf(again));
});

test("a hello that comes after a newer one changes nothing: what was handed out meanwhile stays with the host", async () => {
  const session = randomUUID();
  const host = new Connection();
  const late = new Connection();
  await host.hello(session, { number: 1_000 });
  host.credit(1);
  const handle = await tasks.trigger("task", {});
  const begun = await host.next();

  const welcome = await late.hello(session, { number: 999, isNew: false });
  late.credit(1);
  const same = await host.hello(session, { number: 999, isNew: false });
  const outcome = await host.complete(refOf(begun));

  expect([welcome, same]).toMatchObject([{ isKnown: false }, { isKnown: false }]);
  expect(outcome).toMatchObject([{ next: "finished" }]);
  expect(late.received).toEqual([]);
  expect((await runs.retrieve(handle.id)).attemptCount).toBe(1);
});

test("when the database fails while runs are handed out, none are until the host has said hello again", async () => {
  expectConsoleError(/relation "envvar" does not exist/);
  const session = randomUUID();
  const host = new Connection();
  await host.hello(session, { number: 2_000 });
  await sql("alter table trigger_local.envvar rename to away");
  host.credit(1);
  const handle = await tasks.trigger("task", {});
  await eventually("a doubt", () => host.doubts[0]);
  await sql("alter table trigger_local.away rename to envvar");

  await new Promise((resolve) => setTimeout(resolve, 500));
  const before = host.received.length;
  await host.hello(session, { number: 2_001, isNew: false });
  host.credit(1);
  const begun = await host.next();

  expect(host.doubts).toContain(2_000);
  expect(before).toBe(0);
  expect(begun.execution.run.id).toBe(handle.id);
  await host.complete(refOf(begun));
});

test("a run that has come further than its hand-out is not given back: its attempt is lost, and counts", async () => {
  const session = randomUUID();
  const first = new Connection();
  await first.hello(session);
  first.credit(1);
  await tasks.trigger("task", {});
  const failed = refOf(await first.next());
  await first.fail(failed);

  const second = new Connection();
  await second.hello(session, { isNew: false });
  second.credit(1);
  const again = await second.next();

  expect(refOf(again)).toEqual({ ...failed, attempt: 2 });
  await second.complete(refOf(again));
});

test("a run that is given back still expires", async () => {
  const session = randomUUID();
  const first = new Connection();
  await first.hello(session);
  first.credit(1);
  const handle = await tasks.trigger("task", {}, { ttl: 1 });
  await first.next();

  const second = new Connection();
  await second.hello(session, { isNew: false });

  await eventually("its end", async () => (await runs.retrieve(handle.id)).status === "EXPIRED");
});

test("what a connection says before its first hello is not taken for an answer of a session", async () => {
  const session = randomUUID();
  const first = new Connection();
  await first.hello(session);
  first.credit(1);
  const handle = await tasks.trigger("task", {});
  const begun = refOf(await first.next());

  const second = new Connection();
  const early = [await second.complete(begun), await second.retry(begun)];
  await second.hello(session, { isNew: false, runs: [{ ...begun, awaitsNext: false }] });

  expect(early).toEqual([{ error: expect.any(String) }, { error: expect.any(String) }]);
  expect(await second.complete(begun)).toMatchObject([{ next: "finished" }]);
  expect((await runs.retrieve(handle.id)).status).toBe("COMPLETED");
});

test("a next attempt that begins while the host says hello is told of what happens to it", async () => {
  const session = randomUUID();
  const host = new Connection();
  await host.hello(session);
  host.credit(1);
  const handle = await tasks.trigger("task", {});
  const first = refOf(await host.next());
  await host.fail(first);
  await host.retry(first);

  // Said before the answer was read.
  await host.hello(session, { isNew: false, runs: [{ ...first, awaitsNext: true }] });
  await runs.cancel(handle.id);

  await eventually("the cancellation", () =>
    host.changes.some(({ attempt, status }) => attempt === 2 && status === "PENDING_CANCEL"),
  );
  await host.fail({ ...first, attempt: 2 });
});

test("a second hello by the same connection begins to count anew", async () => {
  const host = new Connection();
  await host.hello(randomUUID());
  host.credit(3);
  for (let n = 0; n < 3; n++) await tasks.trigger("task", { n });
  for (let n = 0; n < 3; n++) await host.complete(refOf(await host.next()));

  await host.hello(randomUUID());
  host.credit(1);
  const handle = await tasks.trigger("task", {});
  const one = await host.next();

  expect(one.execution.run.id).toBe(handle.id);
  await host.complete(refOf(one));
});

test("a question for the next attempt that is asked again has the same answer", async () => {
  const host = new Connection();
  await host.hello(randomUUID());
  host.credit(1);
  await tasks.trigger("task", {});
  const first = refOf(await host.next());
  const failed = await host.fail(first);

  const answers = [await host.retry(first), await host.retry(first)] as Execute[];

  expect(failed).toMatchObject([{ next: "retry" }]);
  expect(answers.map(refOf)).toEqual([2, 2].map((attempt) => ({ ...first, attempt })));
  await host.complete({ ...first, attempt: 2 });
});

test("a host that lost that answer with its connection keeps the run, and is answered by the next", async () => {
  const session = randomUUID();
  const before = new Connection();
  await before.hello(session);
  before.credit(1);
  await tasks.trigger("task", {});
  const first = refOf(await before.next());
  await before.fail(first);
  await before.retry(first);

  before.close();
  const after = new Connection();
  const welcome = await after.hello(session, { isNew: false, runs: [{ ...first, awaitsNext: true }] });
  const answer = (await after.retry(first)) as Execute;

  expect(welcome).toMatchObject({ isKnown: true, lost: [] });
  expect(refOf(answer)).toEqual({ ...first, attempt: 2 });
  expect(await after.complete(refOf(answer))).toMatchObject([{ next: "finished" }]);
});

test("an attempt that is somebody else's can not be ended, and its end changes nothing", async () => {
  const [one, other] = [new Connection(), new Connection()];
  await one.hello(randomUUID());
  await other.hello(randomUUID());
  one.credit(1);
  const handle = await tasks.trigger("task", {});
  const ref = refOf(await one.next());

  const foreign = await other.complete(ref);
  const later = await one.complete({ ...ref, attempt: 2 });
  const own = await one.complete(ref);
  const repeated = await one.complete(ref);

  expect([foreign, later].flat()).toMatchObject([{ next: "lost" }, { next: "lost" }]);
  expect([own, repeated].flat()).toMatchObject([{ next: "finished" }, { next: "finished" }]);
  expect((await runs.retrieve(handle.id)).output).toBe("done");
});

test("a run cancelled between two attempts ends when the host asks for the next", async () => {
  const host = new Connection();
  await host.hello(randomUUID());
  host.credit(1);
  const handle = await tasks.trigger("task", {});
  const first = refOf(await host.next());
  await host.fail(first);

  await runs.cancel(handle.id);
  const answer = await host.retry(first);

  expect(answer).toEqual({ lost: true });
  expect((await runs.retrieve(handle.id)).status).toBe("CANCELED");
});

test("what a failed attempt asks to wait for after its end does not keep the next one from beginning", async () => {
  const connection = new Connection();
  await connection.hello(randomUUID());
  const handle = await tasks.trigger("task", {});
  connection.credit(1);
  const { execution } = await connection.next();
  const first = { run: execution.run.id, attempt: 1 };
  await connection.fail(first);

  const late = await worker.call("POST", `/engine/v1/runs/${handle.id}/wait/duration`, {
    date: new Date(Date.now() + 60_000),
  });
  const next = await connection.retry(first);

  expect(late.status).toBe(200);
  expect(next).toMatchObject({ execution: { attempt: { number: 2 } } });
  expect(await connection.complete({ run: handle.id, attempt: 2 })).toMatchObject([{ next: "finished" }]);
});

test("an attempt whose failure is reported twice counts its time once", async () => {
  const connection = new Connection();
  await connection.hello(randomUUID());
  const handle = await tasks.trigger("task", {});
  connection.credit(1);
  await connection.next();
  const first = { run: handle.id, attempt: 1 };

  const outcomes = [await connection.fail(first, 500), await connection.fail(first, 500)];

  expect(outcomes).toMatchObject([[{ next: "retry" }], [{ next: "retry" }]]);
  expect((await runs.retrieve(handle.id)).durationMs).toBe(500);
});
