import { auth, configure, idempotencyKeys, runs, tasks } from "@trigger.dev/sdk";
import { beforeAll, expect, test } from "vitest";
import { secretKey, triggerServerForFile } from "./server";
import { TestWorker } from "./worker";

const server = triggerServerForFile();
let worker: TestWorker;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  worker = await new TestWorker(server.url).register([{ id: "task", retry: { maxAttempts: 1 } }]);
});

/** The SDK's handle has it; its type does not say so. */
const isCached = (handle: object) => "isCached" in handle && handle.isCached === true;

const key = (name: string) => idempotencyKeys.create(name, { scope: "global" });

test("twenty triggers with one key at the same moment give one run", async () => {
  const idempotencyKey = await key("raced");

  const handles = await Promise.all(
    Array.from({ length: 20 }, (_, n) => tasks.trigger("task", { n }, { idempotencyKey })),
  );

  expect(new Set(handles.map((handle) => handle.id)).size).toBe(1);
  expect(handles.filter((handle) => !isCached(handle))).toHaveLength(1);
  await worker.complete(await worker.next());
});

test("a failed run frees its key, a completed one keeps it", async () => {
  const idempotencyKey = await key("freed");
  const failed = await tasks.trigger("task", {}, { idempotencyKey });
  await worker.fail(await worker.next(), "no");

  const second = await tasks.trigger("task", {}, { idempotencyKey });
  await worker.complete(await worker.next());
  const third = await tasks.trigger("task", {}, { idempotencyKey });

  expect(second.id).not.toBe(failed.id);
  expect(third).toMatchObject({ id: second.id, isCached: true });
});

test("a key is free again after its time, and after a reset", async () => {
  const short = await tasks.trigger("task", {}, { idempotencyKey: await key("short"), idempotencyKeyTTL: "1s" });
  const long = await tasks.trigger("task", {}, { idempotencyKey: await key("long") });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await idempotencyKeys.reset("task", await key("long"));

  const again = await tasks.trigger("task", {}, { idempotencyKey: await key("short") });
  const reset = await tasks.trigger("task", {}, { idempotencyKey: await key("long") });

  expect(again.id).not.toBe(short.id);
  expect(reset.id).not.toBe(long.id);
});

test("a request that is repeated after a lost answer does not make a second run", async () => {
  const send = async () => {
    const response = await fetch(`${server.url}/api/v1/tasks/task/trigger`, {
      method: "POST",
      headers: { authorization: `Bearer ${secretKey}`, "x-trigger-request-idempotency-key": "request-1" },
      body: JSON.stringify({ payload: "{}", options: { tags: ["repeated"] } }),
    });
    return (await response.json()) as { id: string };
  };

  const answers = await Promise.all([send(), send(), send()]);

  expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
  expect((await runs.list({ tag: "repeated" })).data).toHaveLength(1);
});

test("a one-time token starts one run, however many pages use it at once", async () => {
  const token = await auth.createTriggerPublicToken("task");
  const send = () =>
    fetch(`${server.url}/api/v1/tasks/task/trigger`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ payload: "{}" }),
    });

  const statuses = (await Promise.all([send(), send(), send(), send()])).map((response) => response.status);

  expect(statuses.sort()).toEqual([200, 422, 422, 422]);
});

test("a one-time token for batches makes one batch, however often and at once it is used", async () => {
  const token = await auth.createBatchTriggerPublicToken("task");
  const send = async () => {
    const response = await fetch(`${server.url}/api/v3/batches`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ runCount: 1, taskIdentifiers: ["task"] }),
    });
    return response.status;
  };

  expect((await Promise.all([send(), send(), send()])).sort()).toEqual([202, 422, 422]);
  expect(await send()).toBe(422);
});

test("the key of a request repeats requests of its own kind only", async () => {
  const send = async (path: string, body: object) => {
    const response = await fetch(server.url + path, {
      method: "POST",
      headers: { authorization: `Bearer ${secretKey}`, "x-trigger-request-idempotency-key": "both kinds" },
      body: JSON.stringify(body),
    });
    return { status: response.status, id: ((await response.json()) as { id: string }).id };
  };
  const trigger = () => send("/api/v1/tasks/task/trigger", { payload: 1 });
  const batch = () => send("/api/v3/batches", { runCount: 1 });

  const [run, made, runAgain, madeAgain] = [await trigger(), await batch(), await trigger(), await batch()];

  expect([run.status, made.status]).toEqual([200, 202]);
  expect([runAgain.id, madeAgain.id]).toEqual([run.id, made.id]);
});
