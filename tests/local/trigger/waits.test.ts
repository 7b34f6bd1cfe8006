import { configure, runs, tasks, wait } from "@trigger.dev/sdk";
import { beforeAll, expect, test } from "vitest";
import { secretKey, triggerServerForFile } from "./server";
import { TestWorker, until } from "./worker";

const server = triggerServerForFile();
let worker: TestWorker;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  worker = await new TestWorker(server.url).register([
    { id: "parent", retry: { maxAttempts: 3, minTimeoutInMs: 10, factor: 1, randomize: false } },
    { id: "child" },
  ]);
});

const executing = async () => {
  await tasks.trigger("parent", {});
  return worker.next();
};

test("a token completed at the very moment a run begins to wait for it is never lost", async () => {
  for (let round = 0; round < 25; round++) {
    const attempt = await executing();
    const token = await wait.createToken({ timeout: "1h" });

    await Promise.all([worker.waitForToken(attempt, token.id), wait.completeToken(token, { round })]);

    const resumed = await worker.resumed(attempt);
    expect(resumed.outputs).toEqual([JSON.stringify({ json: { round } })]);
    await worker.complete(resumed);
  }
}, 60_000);

test("several runs that wait for one token all go on, each once", async () => {
  const attempts = [await executing(), await executing(), await executing()];
  const token = await wait.createToken({ timeout: "1h" });
  for (const attempt of attempts) await worker.waitForToken(attempt, token.id);

  await Promise.all([wait.completeToken(token, 1), wait.completeToken(token, 2)]);

  const outputs = [];
  for (const attempt of attempts) {
    const resumed = await worker.resumed(attempt);
    outputs.push(...resumed.outputs);
    await worker.complete(resumed);
  }
  expect(new Set(outputs).size).toBe(1);
});

test("a token whose time is over ends the wait with an error", async () => {
  const attempt = await executing();
  const token = await wait.createToken({ timeout: "1s" });
  await worker.waitForToken(attempt, token.id);

  const resumed = await worker.resumed(attempt);
  await worker.complete(resumed);

  expect(JSON.parse(resumed.outputs[0] ?? "")).toMatchObject({ code: "TRIGGER_WAITPOINT_TIMEOUT" });
  expect((await wait.retrieveToken(token)).status).toBe("TIMED_OUT");
});

test("a parent is blocked in the same moment its child is created, and goes on with the child's output", async () => {
  const attempt = await executing();
  const { body: child } = await worker.call<{ id: string }>("POST", "/api/v1/tasks/child/trigger", {
    payload: "{}",
    options: { parentRunId: attempt.runId, resumeParentOnCompletion: true },
  });

  const blocked = (await worker.state(attempt.runId)).snapshot.executionStatus;
  await worker.complete(await worker.next(), { from: "child" });
  const resumed = await worker.resumed(attempt);
  await worker.complete(resumed);

  expect(blocked).toBe("EXECUTING_WITH_WAITPOINTS");
  expect(resumed.outputs).toEqual(['{"from":"child"}']);
  expect(await runs.retrieve(child.id)).toMatchObject({ depth: 1, relatedRuns: { parent: { id: attempt.runId } } });
});

test("a batch is sealed by its last item, blocks its parent until all its runs are over, and takes no item twice", async () => {
  const attempt = await executing();
  const { body: batch } = await worker.call<{ id: string }>("POST", "/api/v3/batches", {
    runCount: 3,
    parentRunId: attempt.runId,
    resumeParentOnCompletion: true,
  });
  const send = async (indexes: number[]) => {
    const lines = indexes.map((index) => JSON.stringify({ index, task: "child", payload: String(index) }));
    const response = await fetch(`${server.url}/api/v3/batches/${batch.id}/items`, {
      method: "POST",
      headers: { authorization: `Bearer ${secretKey}` },
      body: lines.join("\n"),
    });
    return response.json();
  };

  const partly = await send([0, 1]);
  const whole = await send([0, 1, 2]);
  const children = await worker.dequeue();
  for (const message of children.reverse()) {
    const child = await worker.start(message);
    await worker.complete(child, child.payload);
  }
  const resumed = await worker.resumed(attempt);
  const { completedWaitpoints } = await worker.state(attempt.runId);
  await worker.complete(resumed);

  expect(partly).toMatchObject({ sealed: false, enqueuedCount: 2, expectedCount: 3 });
  expect(whole).toMatchObject({ sealed: true, itemsAccepted: 1, itemsDeduplicated: 2 });
  expect(
    completedWaitpoints
      .filter((waitpoint) => waitpoint.index !== undefined)
      .map(({ index, output }) => [index, output]),
  ).toEqual([
    [0, "0"],
    [1, "1"],
    [2, "2"],
  ]);
});

test("a batch whose last runs finish at the same moment becomes COMPLETED", async () => {
  for (let round = 0; round < 5; round++) {
    const { batchId } = await tasks.batchTrigger("child", [
      { payload: 1 },
      { payload: 2 },
      { payload: 3 },
      { payload: 4 },
    ]);
    const attempts = [];
    while (attempts.length < 4)
      for (const message of await worker.dequeue()) attempts.push(await worker.start(message));

    await Promise.all(attempts.map((attempt) => worker.complete(attempt)));

    const { body } = await worker.call<{ status: string }>("GET", `/api/v2/batches/${batchId}`);
    expect(body.status).toBe("COMPLETED");
  }
});

test("a run whose process dies while it waits is tried again, and the old wait does not touch the new attempt", async () => {
  const attempt = await executing();
  const token = await wait.createToken({ timeout: "1h" });
  await worker.waitForToken(attempt, token.id);
  const waiting = await worker.state(attempt.runId);

  const result = await worker.crash({ ...attempt, snapshotId: waiting.snapshot.friendlyId });
  const second = await worker.start(await until("the run", async () => (await worker.dequeue())[0]));
  await wait.completeToken(token, "late");
  const state = await worker.state(attempt.runId);
  await worker.complete(second, "done");

  expect([result.attemptStatus, second.number]).toEqual(["RETRY_QUEUED", 2]);
  expect([state.snapshot.friendlyId, state.completedWaitpoints]).toEqual([second.snapshotId, []]);
});

test("a worker's wait for a date ends soon after the date", async () => {
  const attempt = await executing();
  const date = new Date(Date.now() + 400);
  await worker.call("POST", `/engine/v1/runs/${attempt.runId}/wait/duration`, { date });

  const resumed = await worker.resumed(attempt);
  const late = Date.now() - date.getTime();
  await worker.complete(resumed);

  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(1_500);
});

test("a callback address completes its token, and a changed one does not", async () => {
  const token = await wait.createToken({ timeout: "1h" });

  const forged = await fetch(`${token.url.slice(0, -1)}${token.url.endsWith("0") ? "1" : "0"}`, {
    method: "POST",
    body: "{}",
  });
  const before = (await wait.retrieveToken(token)).status;
  const real = await fetch(token.url, { method: "POST", body: JSON.stringify({ paid: true }) });

  expect([forged.status, before, real.status]).toEqual([401, "WAITING", 200]);
  expect(await until("the token", async () => (await wait.retrieveToken<{ paid: boolean }>(token)).output)).toEqual({
    paid: true,
  });
});
