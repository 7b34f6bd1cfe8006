import { batch, configure, runs, tasks } from "@trigger.dev/sdk";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { secretKey, triggerServerForFile } from "./server";
import { type Attempt, TestWorker, until } from "./worker";

const server = triggerServerForFile();
let worker: TestWorker;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  worker = await new TestWorker(server.url).register([{ id: "task", retry: { maxAttempts: 2, minTimeoutInMs: 10 } }]);
});

beforeEach(async () => {
  for (let messages = await worker.dequeue(); messages.length > 0; messages = await worker.dequeue()) {
    for (const message of messages) await worker.complete(await worker.start(message));
  }
});

type Added = { itemsAccepted: number; itemsDeduplicated: number; sealed: boolean; enqueuedCount?: number };

const create = async (body: object) => {
  const answer = await worker.call<{ id: string; isCached: boolean }>("POST", "/api/v3/batches", body);
  expect(answer.status).toBe(202);
  return answer.body;
};

const send = async (id: string, lines: (object | string)[]) => {
  const response = await fetch(`${server.url}/api/v3/batches/${id}/items`, {
    method: "POST",
    headers: { authorization: `Bearer ${secretKey}`, "content-type": "application/x-ndjson" },
    body: lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"),
  });
  return { status: response.status, body: (await response.json()) as Added };
};

const item = (index: number, options: object = {}, task = "task") => ({ index, task, payload: "{}", options });

describe("items", () => {
  test("a stream that breaks off is sent again whole, and every item becomes one run", async () => {
    const { id } = await create({ runCount: 3 });

    const first = await send(id, [item(0), item(1)]);
    const again = await send(id, [item(0), item(1), item(2)]);
    const late = await send(id, [item(0), item(1), item(2)]);

    expect(first.body).toMatchObject({ itemsAccepted: 2, sealed: false, enqueuedCount: 2 });
    expect(again.body).toMatchObject({ itemsAccepted: 1, itemsDeduplicated: 2, sealed: true });
    expect(late.body).toMatchObject({ itemsAccepted: 0, itemsDeduplicated: 3, sealed: true });
    expect(new Set((await batch.retrieve(id)).runs).size).toBe(3);
  });

  test("two simultaneous copies of one stream make one run per item", async () => {
    const { id } = await create({ runCount: 20 });
    const lines = Array.from({ length: 20 }, (_, index) => item(index));

    const answers = await Promise.all([send(id, lines), send(id, lines), send(id, lines)]);

    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(answers.reduce((sum, answer) => sum + answer.body.itemsAccepted, 0)).toBe(20);
    expect(new Set((await batch.retrieve(id)).runs).size).toBe(20);
  });

  test("an index that comes twice in one stream counts once, the first time", async () => {
    const { id } = await create({ runCount: 1 });

    const answer = await send(id, [item(0, { tags: ["first"] }), item(0, { tags: ["second"] })]);
    const [runId] = (await batch.retrieve(id)).runs;

    expect(answer.body).toMatchObject({ itemsAccepted: 1, itemsDeduplicated: 1, sealed: true });
    expect((await runs.retrieve(runId ?? "")).tags).toEqual(["first"]);
  });

  test.each([
    ["an index beyond the batch", [item(5)], 422],
    ["half a line", ['{"index":0,'], 400],
    ["no task", [{ index: 0 }], 400],
    ["a negative index", [item(-1)], 400],
    ["too many tags", [item(0, { tags: Array(11).fill("t") })], 422],
    ["a tag that is too long", [item(0, { tags: ["t".repeat(129)] })], 400],
    ["an unknown machine", [item(0, { machine: "huge" })], 400],
  ])("%s is refused, and no item of that stream becomes a run", async (_, lines, status) => {
    const { id } = await create({ runCount: 2 });

    expect((await send(id, [item(1), ...lines])).status).toBe(status);
    expect((await batch.retrieve(id)).runs).toEqual([]);
  });

  test("they have options of their own, and tasks nobody has yet", async () => {
    const { batchId } = await batch.trigger([
      { id: "task", payload: {}, options: { delay: "1h", ttl: 90, tags: "one", metadata: { m: 1 }, priority: 3 } },
      { id: "not there yet", payload: {}, options: { idempotencyKey: "own" } },
    ] as never);
    const [one, two] = await Promise.all((await batch.retrieve(batchId)).runs.map((id) => runs.retrieve(id)));

    expect(one).toMatchObject({ status: "DELAYED", ttl: "1m30s", tags: ["one"], metadata: { m: 1 } });
    expect(two).toMatchObject({ status: "QUEUED", taskIdentifier: "not there yet", batchId });
    await Promise.all([runs.cancel(one?.id ?? ""), runs.cancel(two?.id ?? "")]);
  });
});

test.each([0, -1, 1.5, 1_001])("a batch of %d items is refused", async (runCount) => {
  expect((await worker.call("POST", "/api/v3/batches", { runCount })).status).toBe(400);
});

test("a batch with a key that was used is the first one, with its runs", async () => {
  const [one, again] = [
    await tasks.batchTrigger("task", [{ payload: 1 }], { idempotencyKey: "whole batch" }),
    await tasks.batchTrigger("task", [{ payload: 1 }], { idempotencyKey: "whole batch" }),
  ];

  expect(again.batchId).toBe(one.batchId);
  expect((await batch.retrieve(one.batchId)).runs).toHaveLength(1);
});

test("an attempt that asks again for the batch of the attempt before waits for its runs, finished or not", async () => {
  const parent = await tasks.trigger("task", {});
  const waitFor = async (attempt: Attempt) => {
    const body = { runCount: 2, parentRunId: attempt.runId, resumeParentOnCompletion: true, idempotencyKey: "again" };
    return create(body);
  };
  let attempt = await worker.next();
  const first = await waitFor(attempt);
  await send(first.id, [item(0), item(1)]);
  const [early, late] = (await worker.dequeue()) as [never, never];
  await worker.complete(await worker.start(early), "early");
  attempt = { ...attempt, snapshotId: (await worker.state(parent.id)).snapshot.friendlyId };
  await worker.crash(attempt);
  attempt = await until("the second attempt", () => worker.next().catch(() => undefined));

  const second = await waitFor(attempt);
  expect(second).toMatchObject({ id: first.id, isCached: true });
  expect((await worker.state(parent.id)).snapshot.executionStatus).toBe("EXECUTING_WITH_WAITPOINTS");
  await worker.complete(await worker.start(late), "late");

  expect((await worker.resumed(attempt)).outputs).toEqual(['"early"', '"late"']);
});

test("a batch that was begun and never filled is filled by who asks for it again, and its parent waits for all of it", async () => {
  await tasks.trigger("task", {});
  const attempt = await worker.next();
  const body = {
    runCount: 2,
    parentRunId: attempt.runId,
    resumeParentOnCompletion: true,
    idempotencyKey: "begun only",
  };
  const begun = await create(body);

  const again = await create(body);
  await send(again.id, [item(0), item(1)]);
  for (const message of await worker.dequeue()) await worker.complete(await worker.start(message), "item");

  expect(again).toMatchObject({ id: begun.id, isCached: false });
  // The first is the batch's own, which the worker does not heed.
  expect((await worker.resumed(attempt)).outputs.slice(1)).toEqual(['"item"', '"item"']);
});
