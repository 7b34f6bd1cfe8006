import { configure, queues, runs, tasks } from "@trigger.dev/sdk";
import { afterEach, beforeAll, expect, test } from "vitest";
import { secretKey, triggerServerForFile } from "./server";
import { type Attempt, type Message, TestWorker, until } from "./worker";

const server = triggerServerForFile();
let worker: TestWorker;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  worker = await new TestWorker(server.url).register([
    { id: "free" },
    { id: "single", queue: { concurrencyLimit: 1 } },
    { id: "paused" },
    { id: "parent", queue: { concurrencyLimit: 1 } },
  ]);
});

const trigger = async (task: string, count: number, options = {}) => {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push((await tasks.trigger(task, { n }, options)).id);
  return ids;
};

async function finish(messages: Message[]): Promise<void> {
  for (const message of messages) await worker.complete(await worker.start(message));
}

afterEach(async () => {
  for (let messages = await worker.dequeue(); messages.length > 0; messages = await worker.dequeue())
    await finish(messages);
}, 30_000);

test("many workers that ask at once get every run exactly once", async () => {
  const ids = await trigger("free", 40);

  const taken: string[] = [];
  const takeAll = async () => {
    for (let messages = await worker.dequeue(); messages.length > 0; messages = await worker.dequeue()) {
      taken.push(...messages.map((message) => message.run.friendlyId));
      await finish(messages);
    }
  };
  await Promise.all(Array.from({ length: 6 }, takeAll));

  expect([...taken].sort()).toEqual([...ids].sort());
});

test("a limit of 1 holds when many workers ask at once, per concurrency key", async () => {
  await trigger("single", 4, { concurrencyKey: "a" });
  await trigger("single", 4, { concurrencyKey: "b" });

  const answers = (await Promise.all(Array.from({ length: 8 }, () => worker.dequeue()))).flat();

  expect(answers).toHaveLength(2);
  await finish(answers);
});

test("runs of one queue start in the order of triggering; a priority counts as seconds of age", async () => {
  const [first, second] = await trigger("single", 2);
  const [urgent] = await trigger("single", 1, { priority: 60 });

  const order: string[] = [];
  while (order.length < 3) {
    const [message] = await worker.dequeue();
    if (!message) throw new Error("the queue is empty too early");
    order.push(message.run.friendlyId);
    await finish([message]);
  }

  expect(order).toEqual([urgent, first, second]);
});

test("a paused queue hands nothing out, and its runs start when it goes on", async () => {
  await queues.pause({ type: "task", name: "paused" });
  const [id] = await trigger("paused", 1);

  const whilePaused = await worker.dequeue();
  const held = await queues.retrieve({ type: "task", name: "paused" });
  await queues.resume({ type: "task", name: "paused" });
  const after = await worker.dequeue();
  await finish(after);

  expect([whilePaused, held.queued, after.map((message) => message.run.friendlyId)]).toEqual([[], 1, [id]]);
});

test("a held dequeue call is answered as soon as a run is triggered", async () => {
  const asked = worker.dequeue();
  const [id] = await trigger("free", 1);

  const messages = await asked;

  // An idle call is held for 300 ms and then answered with nothing, so an answer with a run was woken by it.
  expect(messages.map((message) => message.run.friendlyId)).toEqual([id]);
  await finish(messages);
});

test("a waiting run gives its slot away, and goes on only when there is one again", async () => {
  const [first, second] = await trigger("parent", 2);
  const waiting = await worker.next();
  const { body: token } = await worker.call<{ id: string }>("POST", "/api/v1/waitpoints/tokens", { timeout: "1h" });
  await worker.waitForToken(waiting, token.id);

  const other: Attempt = await worker.next();
  await worker.call("POST", `/api/v1/waitpoints/tokens/${token.id}/complete`, { data: "go" });
  const stillWaiting = (await worker.state(waiting.runId)).snapshot.executionStatus;
  await worker.complete(other);
  const resumed = await worker.resumed(waiting);
  await worker.complete(resumed);

  expect([waiting.runId, other.runId]).toEqual([first, second]);
  expect(stillWaiting).toBe("EXECUTING_WITH_WAITPOINTS");
  expect(resumed.outputs).toEqual(["go"]);
});

test("a run locked to replaced code runs on the newest, one locked to newer code waits for that", async () => {
  const older = await new TestWorker(server.url).register([{ id: "locked" }]);
  const newer = await new TestWorker(server.url).register([{ id: "locked" }]);
  await newer.dequeue();
  const lockTo = async (version: string) => {
    const options = { lockToVersion: version };
    return (await newer.call<{ id: string }>("POST", "/api/v1/tasks/locked/trigger", { payload: "{}", options })).body
      .id;
  };

  const forNewer = await lockTo(newer.version);
  const takenByOlder = await older.dequeue();
  const forOlder = await lockTo(older.version);
  const takenByNewer = await newer.dequeue();
  await finish(takenByNewer);

  expect(takenByOlder).toEqual([]);
  expect(takenByNewer.map((message) => message.run.friendlyId)).toEqual([forNewer, forOlder]);
});

test("a run of a task no worker knows waits, and starts when one does", async () => {
  const { id } = await tasks.trigger("not-written-yet", {});
  const before = await worker.dequeue();

  const newer = await new TestWorker(server.url).register([{ id: "not-written-yet" }]);
  const message = await until("the run", async () => (await newer.dequeue())[0]);
  await newer.complete(await newer.start(message));

  expect(before).toEqual([]);
  expect([message.run.friendlyId, (await runs.retrieve(id)).status]).toEqual([id, "COMPLETED"]);
});
