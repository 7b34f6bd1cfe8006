import { configure, idempotencyKeys, runs, tasks } from "@trigger.dev/sdk";
import { beforeAll, describe, expect, test } from "vitest";
import { keyLifeMs, momentFrom } from "@/local/trigger/engine/durations";
import { secretKey, triggerServerForFile } from "./server";
import { TestWorker } from "./worker";

const server = triggerServerForFile();
let worker: TestWorker;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  worker = await new TestWorker(server.url).register([{ id: "task", retry: { maxAttempts: 1 } }]);
});

/** Ends whatever an earlier test left in the queue. */
async function drain(): Promise<void> {
  for (let messages = await worker.dequeue(); messages.length > 0; messages = await worker.dequeue()) {
    for (const message of messages) await worker.complete(await worker.start(message));
  }
}

const triggerStatus = async (options: object, headers: Record<string, string> = {}) => {
  const response = await fetch(`${server.url}/api/v1/tasks/task/trigger`, {
    method: "POST",
    headers: { authorization: `Bearer ${secretKey}`, ...headers },
    body: JSON.stringify({ payload: "{}", options }),
  });
  const { id } = (await response.json()) as { id: string };
  return { status: response.status, id };
};

describe("ttl", () => {
  test.each([
    ["15s", "15s"],
    [90, "1m30s"],
    [3_600, "1h"],
    [604_800, "1w"],
    [undefined, "10m"],
    [0, undefined],
  ])("given as %j it is kept as %j", async (ttl, kept) => {
    const { id } = await triggerStatus({ ttl });

    expect((await runs.retrieve(id)).ttl).toBe(kept);
  });

  test("it begins when the delay is over, not before", async () => {
    const { id } = await tasks.trigger("task", {}, { delay: "1s", ttl: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1_400));

    const queued = await runs.retrieve(id);
    await new Promise((resolve) => setTimeout(resolve, 1_300));

    expect(queued.status).toBe("QUEUED");
    expect((await runs.retrieve(id)).status).toBe("EXPIRED");
  });
});

describe("delay", () => {
  const now = new Date("2026-03-01T12:00:00Z");

  test.each([
    ["90s", 90],
    ["1h30m", 5_400],
    ["2d", 172_800],
    ["2026-03-01T12:00:10Z", 10],
    ["2026-03-01T11:59:59Z", undefined],
    ["soon", undefined],
    ["", undefined],
    ["1h 30m", undefined],
    ["99999999999w", undefined],
  ])("%j is a delay of %j seconds", (delay, seconds) => {
    const moment = momentFrom(delay, now);

    expect(moment && (moment.getTime() - now.getTime()) / 1_000).toBe(seconds);
  });

  test("only a delayed run can be moved, and only to a time to come", async () => {
    const { id } = await tasks.trigger("task", {}, { delay: "1h" });
    const once = { retry: { maxAttempts: 1 } };

    await expect(runs.reschedule(id, { delay: new Date(0) }, once)).rejects.toMatchObject({ status: 422 });
    await expect(runs.reschedule(id, { delay: "soon" }, once)).rejects.toMatchObject({ status: 422 });
    expect((await runs.retrieve(id)).status).toBe("DELAYED");
    expect((await runs.reschedule(id, { delay: "2h" })).status).toBe("DELAYED");
    await runs.cancel(id);
    await expect(runs.reschedule(id, { delay: "1h" }, once)).rejects.toMatchObject({ status: 422 });
  });
});

describe("tags", () => {
  test("blank ones are left out, the same one is kept once, and the answer is sorted", async () => {
    const { id } = await tasks.trigger("task", {}, { tags: ["b", " ", "a", "b", ""] });

    expect((await runs.retrieve(id)).tags).toEqual(["a", "b"]);
  });

  test("more than ten in one call are refused, whether they repeat themselves or not", async () => {
    expect((await triggerStatus({ tags: Array.from({ length: 11 }, () => "same") })).status).toBe(422);
    expect((await triggerStatus({ tags: Array.from({ length: 10 }, (_, n) => `t${n}`) })).status).toBe(200);
    expect((await triggerStatus({ tags: "x".repeat(129) })).status).toBe(400);
  });

  test("added later they fill the run up to ten, all of them or none", async () => {
    const { id } = await tasks.trigger("task", {}, { tags: Array.from({ length: 8 }, (_, n) => `t${n}`) });
    const add = async (added: string | string[]) => {
      const response = await fetch(`${server.url}/api/v1/runs/${id}/tags`, {
        method: "POST",
        headers: { authorization: `Bearer ${secretKey}` },
        body: JSON.stringify({ tags: added }),
      });
      return { status: response.status, body: await response.json() };
    };

    expect(await add(["t1", " "])).toEqual({ status: 200, body: { message: "No new tags to add" } });
    expect((await add(["new", "newer", "newest"])).status).toBe(422);
    expect((await runs.retrieve(id)).tags).not.toContain("new");
    expect(await add(["new", "new", "t1"])).toEqual({ status: 200, body: { message: "Successfully set 1 new tags." } });
    expect((await add("last")).status).toBe(200);
    expect((await add("one too many")).status).toBe(422);
  });
});

describe("idempotency", () => {
  test.each([
    ["10s", 10],
    ["5m", 300],
    ["2h", 7_200],
    ["3d", 259_200],
    ["1w", 2_592_000],
    ["1h30m", 2_592_000],
    ["soon", 2_592_000],
    [undefined, 2_592_000],
  ])("a key with the ttl %j is good for %j seconds", (ttl, seconds) => {
    expect(keyLifeMs(ttl)).toBe(seconds * 1_000);
  });

  test("an empty key is no key", async () => {
    const [one, other] = [await triggerStatus({ idempotencyKey: "" }), await triggerStatus({ idempotencyKey: "" })];

    expect(one.id).not.toBe(other.id);
  });

  test("the key may come as a header, and then counts", async () => {
    const header = { "idempotency-key": "by-header" };
    const [one, again] = [await triggerStatus({}, header), await triggerStatus({ idempotencyKey: "by-body" }, header)];

    expect(again.id).toBe(one.id);
    expect((await triggerStatus({ idempotencyKey: "by-body" })).id).not.toBe(one.id);
  });

  test("a cancelled run keeps its key; one that expired frees it", async () => {
    const key = await idempotencyKeys.create("cancelled", { scope: "global" });
    const cancelled = await tasks.trigger("task", {}, { idempotencyKey: key, delay: "1h" });
    await runs.cancel(cancelled.id);
    const expiring = await tasks.trigger("task", {}, { idempotencyKey: "expiring", ttl: "1s" });
    await new Promise((resolve) => setTimeout(resolve, 1_400));

    expect((await tasks.trigger("task", {}, { idempotencyKey: key })).id).toBe(cancelled.id);
    expect((await runs.retrieve(expiring.id)).status).toBe("EXPIRED");
    expect((await tasks.trigger("task", {}, { idempotencyKey: "expiring" })).id).not.toBe(expiring.id);
  });

  test("a key found by a delayed run answers with it, and does not move it", async () => {
    const first = await tasks.trigger("task", {}, { idempotencyKey: "delayed", delay: "1h" });
    const { delayedUntil } = await runs.retrieve(first.id);

    const second = await tasks.trigger("task", {}, { idempotencyKey: "delayed" });

    expect(second).toMatchObject({ id: first.id, isCached: true });
    expect((await runs.retrieve(first.id)).delayedUntil).toEqual(delayedUntil);
  });
});

test("a duration limit is at least five seconds, 0 leaves the task's own, and none is too large", async () => {
  await drain();
  const limitOf = async (maxDuration: number) => {
    const { status } = await triggerStatus({ maxDuration });
    const { run } = await worker.execution();
    return [status, run.maxDuration];
  };

  expect(await limitOf(1)).toEqual([200, 5]);
  expect(await limitOf(0)).toEqual([200, undefined]);
  expect(await limitOf(1e12)).toEqual([200, 2_147_483_647]);
});

test("a run that is over may still start others, but can not wait for them", async () => {
  await drain();
  const parent = await tasks.trigger("task", {});
  await worker.complete(await worker.next());

  const child = await triggerStatus({ parentRunId: parent.id });
  const waited = await triggerStatus({ parentRunId: parent.id, resumeParentOnCompletion: true });

  expect([child.status, waited.status]).toEqual([200, 422]);
  expect((await runs.retrieve(child.id)).relatedRuns.parent?.id).toBe(parent.id);
});

test.each([
  ["an object", { a: 1 }],
  ["a text that looks like JSON", "{}"],
  ["a number", 0],
  ["null", null],
  ["nothing", undefined],
])("a payload sent without a type is the value itself: %s", async (_, payload) => {
  await drain();
  const response = await fetch(`${server.url}/api/v1/tasks/task/trigger`, {
    method: "POST",
    headers: { authorization: `Bearer ${secretKey}` },
    body: JSON.stringify({ payload }),
  });
  const { id } = (await response.json()) as { id: string };
  const attempt = await worker.next();
  await worker.complete(attempt);

  expect(attempt).toMatchObject({ runId: id, payload });
  expect((await runs.retrieve(id)).payload).toEqual(payload);
});
