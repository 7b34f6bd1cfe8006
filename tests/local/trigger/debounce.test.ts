import { configure, runs, tasks } from "@trigger.dev/sdk";
import { beforeAll, expect, test } from "vitest";
import { secretKey, triggerServerForFile } from "./server";
import { TestWorker } from "./worker";

const server = triggerServerForFile();
let worker: TestWorker;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  worker = await new TestWorker(server.url).register([{ id: "task" }, { id: "other" }]);
});

const once = { retry: { maxAttempts: 1 } };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("triggers with one key become one run, with the first payload, after the last delay", async () => {
  const options = { debounce: { key: "leading", delay: "1s" } };
  const first = await tasks.trigger("task", { n: 1 }, { ...options, tags: "first" });
  await pause(600);
  const second = await tasks.trigger("task", { n: 2 }, { ...options, tags: "second" });
  await pause(600);

  expect(second.id).toBe(first.id);
  expect(await runs.retrieve(first.id)).toMatchObject({ status: "DELAYED", payload: { n: 1 }, tags: ["first"] });
  await pause(700);
  const attempt = await worker.next();
  await worker.complete(attempt);
  const third = await tasks.trigger("task", { n: 3 }, options);

  expect(attempt).toMatchObject({ runId: first.id, payload: { json: { n: 1 } } });
  expect(third.id).not.toBe(first.id);
  await runs.cancel(third.id);
});

test("trailing takes what the newest trigger brings and keeps what it leaves out", async () => {
  const debounce = { key: "trailing", delay: "1h", mode: "trailing" } as const;
  const { id } = await tasks.trigger("task", { n: 1 }, { debounce, tags: ["a"], metadata: { m: 1 }, machine: "micro" });
  await tasks.trigger("task", { n: 2 }, { debounce, tags: ["b", "c"] });
  const last = await tasks.trigger("task", { n: 3 }, { debounce, metadata: { m: 3 } });

  expect(last.id).toBe(id);
  expect(await runs.retrieve(id)).toMatchObject({ payload: { n: 3 }, tags: ["b", "c"], metadata: { m: 3 } });
});

test("a key belongs to its task, and a run that was cancelled gives it back", async () => {
  const options = { debounce: { key: "shared", delay: "1h" } };
  const [one, other] = [await tasks.trigger("task", {}, options), await tasks.trigger("other", {}, options)];
  await runs.cancel(one.id);
  const again = await tasks.trigger("task", {}, options);

  expect(new Set([one.id, other.id, again.id]).size).toBe(3);
});

test("a run is never pushed beyond maxDelay from its first trigger: a new one begins instead", async () => {
  const options = { debounce: { key: "bounded", delay: "2s", maxDelay: "3s" } };
  const first = await tasks.trigger("task", {}, options);
  const pushed = await tasks.trigger("task", {}, options);
  await pause(1_200);
  const beyond = await tasks.trigger("task", {}, options);
  const follows = await tasks.trigger("task", {}, options);

  expect(pushed.id).toBe(first.id);
  expect(beyond.id).not.toBe(first.id);
  expect(follows.id).toBe(beyond.id);
  await Promise.all([first, beyond].map((handle) => runs.cancel(handle.id)));
});

test("a shorter delay does not bring a run forward", async () => {
  const { id } = await tasks.trigger("task", {}, { debounce: { key: "shorter", delay: "2h" } });
  const { delayedUntil } = await runs.retrieve(id);
  await tasks.trigger("task", {}, { debounce: { key: "shorter", delay: "1m" } });

  expect((await runs.retrieve(id)).delayedUntil).toEqual(delayedUntil);
});

test("twenty simultaneous triggers make one run, and so do the items of a batch", async () => {
  const options = { debounce: { key: "raced", delay: "1h" } };

  const handles = await Promise.all(Array.from({ length: 20 }, (_, n) => tasks.trigger("task", { n }, options)));
  const { batchId } = await tasks.batchTrigger(
    "task",
    Array.from({ length: 3 }, (_, n) => ({ payload: { n }, options })),
  );
  const inBatch = await fetch(`${server.url}/api/v2/batches/${batchId}`, {
    headers: { authorization: `Bearer ${secretKey}` },
  });

  expect(new Set(handles.map((handle) => handle.id)).size).toBe(1);
  expect((await inBatch.json()).runs).toEqual([handles[0]?.id, handles[0]?.id, handles[0]?.id]);
});

test("an idempotency key in use goes before the debounce key", async () => {
  const first = await tasks.trigger("task", {}, { idempotencyKey: "mine", delay: "1h" });
  const cached = await tasks.trigger("task", {}, { idempotencyKey: "mine", debounce: { key: "both", delay: "1h" } });
  const other = await tasks.trigger("task", {}, { debounce: { key: "both", delay: "1h" } });

  expect(cached).toMatchObject({ id: first.id, isCached: true });
  expect(other.id).not.toBe(first.id);
});

test("who waits for a debounced run is told when it is over", async () => {
  const debounce = { key: "awaited", delay: "1s" };
  const { id } = await tasks.trigger("task", {}, { debounce });
  const parent = await tasks.trigger("other", {});
  const attempt = await worker.next();
  const body = { payload: "{}", options: { parentRunId: parent.id, resumeParentOnCompletion: true, debounce } };

  const child = await worker.call<{ id: string }>("POST", "/api/v1/tasks/task/trigger", body);
  await pause(1_300);
  await worker.complete(await worker.next(), "pushed");

  expect(child.body.id).toBe(id);
  expect((await worker.resumed(attempt)).outputs).toEqual(['"pushed"']);
});

test.each([["soon"], ["2030-01-01T00:00:00Z"], [""]])("a delay of %j is refused", async (delay) => {
  await expect(tasks.trigger("task", {}, { debounce: { key: "bad", delay } }, once)).rejects.toMatchObject({
    status: 422,
  });
});

test("a key longer than 512 characters is refused", async () => {
  const debounce = { key: "k".repeat(513), delay: "1h" };

  await expect(tasks.trigger("task", {}, { debounce }, once)).rejects.toMatchObject({ status: 400 });
});
