import { configure, runs, tasks } from "@trigger.dev/sdk";
import { beforeAll, expect, test } from "vitest";
import { secretKey, triggerServerForFile } from "./server";
import { TestWorker, until } from "./worker";

const server = triggerServerForFile();
let worker: TestWorker;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  worker = await new TestWorker(server.url).register([
    { id: "greet", retry: { maxAttempts: 3, minTimeoutInMs: 50, factor: 1, randomize: false } },
    { id: "once", retry: { maxAttempts: 1 } },
  ]);
});

test("a triggered run reaches the worker with its payload, and its output comes back", async () => {
  const handle = await tasks.trigger("greet", { name: "Ada" }, { tags: ["first"], metadata: { step: 0 } });

  const attempt = await worker.next();
  const executing = await runs.retrieve(handle.id);
  await worker.complete(attempt, { text: "Hello Ada" });

  expect(attempt).toMatchObject({ runId: handle.id, number: 1, payload: { json: { name: "Ada" } } });
  expect(executing).toMatchObject({ status: "EXECUTING", version: worker.version, attemptCount: 1 });
  expect(await runs.retrieve(handle.id)).toMatchObject({
    status: "COMPLETED",
    payload: { name: "Ada" },
    output: { text: "Hello Ada" },
    tags: ["first"],
    metadata: { step: 0 },
    isSuccess: true,
  });
});

test("a failed attempt keeps the run with its worker for a short pause, and the last failure ends it", async () => {
  const handle = await tasks.trigger("greet", {});
  const first = await worker.next();

  const kept = await worker.fail(first, "again", { delay: 10 });
  const second = await worker.start({
    run: { friendlyId: handle.id, attemptNumber: 2 },
    snapshot: { friendlyId: kept.snapshot.friendlyId },
  });
  const between = await runs.retrieve(handle.id);
  const last = await worker.fail(second, "for good");

  expect([kept.attemptStatus, second.number, between.status, last.attemptStatus]).toEqual([
    "RETRY_IMMEDIATELY",
    2,
    "EXECUTING",
    "RUN_FINISHED",
  ]);
  expect(await runs.retrieve(handle.id)).toMatchObject({
    status: "FAILED",
    attemptCount: 2,
    error: { message: "for good", name: "Error" },
  });
});

test("a process that exits is tried again from the queue until its attempts are used up", async () => {
  const handle = await tasks.trigger("greet", {});

  const results: string[] = [];
  for (let attempt = 1; attempt <= 3; attempt++) {
    const message = await until("the run in the queue", async () => (await worker.dequeue())[0]);
    results.push((await worker.crash(await worker.start(message))).attemptStatus);
  }

  expect(results).toEqual(["RETRY_QUEUED", "RETRY_QUEUED", "RUN_FINISHED"]);
  expect(await runs.retrieve(handle.id)).toMatchObject({ status: "CRASHED", attemptCount: 3 });
});

test("a late completion, under a snapshot that is not the newest, is refused and changes nothing", async () => {
  const handle = await tasks.trigger("once", {});
  const attempt = await worker.next();
  await worker.complete(attempt, "first");

  const completion = { ok: true, id: handle.id, output: '"second"', outputType: "application/json" };
  const path = `/engine/v1/dev/runs/${handle.id}/snapshots/${attempt.snapshotId}/attempts/complete`;
  const late = await worker.call("POST", path, { completion });

  expect(late.status).toBe(400);
  expect((await runs.retrieve(handle.id)).output).toBe("first");
});

test("a cancelled run stops being EXECUTING at once and is finished when the worker confirms", async () => {
  const handle = await tasks.trigger("once", {});
  const attempt = await worker.next();

  await runs.cancel(handle.id);
  const cancelling = await worker.state(handle.id);
  const result = await worker.confirmCancel({ ...attempt, snapshotId: cancelling.snapshot.friendlyId });

  expect([cancelling.snapshot.executionStatus, result.attemptStatus]).toEqual(["PENDING_CANCEL", "RUN_FINISHED"]);
  expect(await runs.retrieve(handle.id)).toMatchObject({
    status: "CANCELED",
    isCancelled: true,
    error: { message: "Canceled by user" },
  });
});

test("a cancelled run that never started is never handed out", async () => {
  const handle = await tasks.trigger("once", {});

  await runs.cancel(handle.id);

  expect(await worker.dequeue()).toEqual([]);
  expect((await runs.retrieve(handle.id)).status).toBe("CANCELED");
});

test("cancelling a run cancels what it started", async () => {
  const parent = await tasks.trigger("once", {});
  await worker.next();
  const { body: child } = await worker.call<{ id: string }>("POST", "/api/v1/tasks/greet/trigger", {
    payload: "{}",
    options: { parentRunId: parent.id },
  });

  await runs.cancel(parent.id);

  await until("the child to be cancelled", async () => (await runs.retrieve(child.id)).status === "CANCELED");
});

test("a replay has the payload and tags of the original, and says whose replay it is", async () => {
  const original = await tasks.trigger("once", { n: 7 }, { tags: ["kept"] });
  await worker.complete(await worker.next());

  const { id } = await runs.replay(original.id);
  const attempt = await worker.next();
  await worker.complete(attempt);

  expect(id).not.toBe(original.id);
  expect(await runs.retrieve(id)).toMatchObject({ payload: { n: 7 }, tags: ["kept"], status: "COMPLETED" });
});

test("a delayed run can be moved, starts not before its time, and expires when nobody takes it in time", async () => {
  const handle = await tasks.trigger("once", {}, { delay: "1h", ttl: "1s" });
  const delayed = await runs.retrieve(handle.id);

  const moved = await runs.reschedule(handle.id, { delay: new Date(Date.now() + 300) });
  const expired = await until("the run to expire", async () => {
    const run = await runs.retrieve(handle.id);
    return run.status === "EXPIRED" && run;
  });

  expect([delayed.status, moved.status]).toEqual(["DELAYED", "DELAYED"]);
  expect(Number(expired.expiredAt) - Number(moved.delayedUntil)).toBeGreaterThanOrEqual(1_000);
  expect(expired.error?.message).toBe("Run expired because the TTL (1s) was reached");
});

test("an unknown run is a 404 that the SDK does not ask for again", async () => {
  const started = Date.now();

  await expect(runs.retrieve("run_nobody")).rejects.toMatchObject({ status: 404, name: "TriggerApiError" });

  expect(Date.now() - started).toBeLessThan(1_000);
});
