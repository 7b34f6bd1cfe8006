import { configure, idempotencyKeys, runs, tasks } from "@trigger.dev/sdk";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { secretKey, triggerServerForFile } from "./server";
import { type Attempt, TestWorker, until } from "./worker";

const server = triggerServerForFile();
let worker: TestWorker;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  worker = await new TestWorker(server.url).register([
    { id: "task", retry: { maxAttempts: 1 } },
    { id: "parent", retry: { maxAttempts: 1 } },
    { id: "limited", queue: { concurrencyLimit: 1 } },
  ]);
});

beforeEach(async () => {
  for (let messages = await worker.dequeue(); messages.length > 0; messages = await worker.dequeue()) {
    for (const message of messages) await worker.complete(await worker.start(message));
  }
});

const key = (name: string) => idempotencyKeys.create(name, { scope: "global" });

describe("triggerAndWait with a key that was used", () => {
  const parent = async (): Promise<Attempt> => {
    await tasks.trigger("parent", {});
    return worker.next();
  };
  const waitFor = async (attempt: Attempt, idempotencyKey: string) => {
    const options = { parentRunId: attempt.runId, resumeParentOnCompletion: true, idempotencyKey };
    const answer = await worker.call<{ id: string; isCached: boolean }>("POST", "/api/v1/tasks/task/trigger", {
      payload: "{}",
      options,
    });
    return answer.body;
  };

  test("by a run that completed: the parent goes on at once with its output", async () => {
    const first = await tasks.trigger("task", {}, { idempotencyKey: await key("completed") });
    await worker.complete(await worker.next(), "old");
    const attempt = await parent();

    expect(await waitFor(attempt, await key("completed"))).toEqual({ id: first.id, isCached: true });
    expect((await worker.resumed(attempt)).outputs).toEqual(['"old"']);
  });

  test("by a run that executes: the parent waits for it", async () => {
    const first = await tasks.trigger("task", {}, { idempotencyKey: await key("executing") });
    const running = await worker.next();
    const attempt = await parent();

    expect(await waitFor(attempt, await key("executing"))).toEqual({ id: first.id, isCached: true });
    expect((await worker.state(attempt.runId)).snapshot.executionStatus).toBe("EXECUTING_WITH_WAITPOINTS");
    await worker.complete(running, "shared");
    expect((await worker.resumed(attempt)).outputs).toEqual(['"shared"']);
  });

  test("by a run that failed: a new run is made and waited for", async () => {
    const first = await tasks.trigger("task", {}, { idempotencyKey: await key("failed") });
    await worker.fail(await worker.next(), "no");
    const attempt = await parent();

    const child = await waitFor(attempt, await key("failed"));
    await worker.complete(await worker.next(), "new");

    expect(child).toMatchObject({ isCached: false });
    expect(child.id).not.toBe(first.id);
    expect((await worker.resumed(attempt)).outputs).toEqual(['"new"']);
  });

  test("by a run that was cancelled: the parent goes on at once with the error", async () => {
    const first = await tasks.trigger("task", {}, { idempotencyKey: await key("gone"), delay: "1h" });
    await runs.cancel(first.id);
    const attempt = await parent();

    expect(await waitFor(attempt, await key("gone"))).toEqual({ id: first.id, isCached: true });
    expect((await worker.resumed(attempt)).outputs[0]).toContain("Canceled by user");
  });
});

describe("cancelling", () => {
  const twice = async (id: string) => [(await runs.cancel(id)).id, (await runs.cancel(id)).id];
  const seen = async (id: string) => {
    const { status, attemptCount, error, isCancelled, isCompleted } = await runs.retrieve(id);
    return { status, attemptCount, message: error?.message, isCancelled, isCompleted };
  };
  const cancelled = { status: "CANCELED", message: "Canceled by user", isCancelled: true, isCompleted: true };

  test("a delayed, a queued and a dequeued run is over at once, also when asked twice", async () => {
    const delayed = await tasks.trigger("task", {}, { delay: "1h" });
    const queued = await tasks.trigger("nobody has this task", {});
    const dequeued = await tasks.trigger("task", {});
    const [message] = await worker.dequeue();

    for (const { id } of [delayed, queued, dequeued]) {
      expect(await twice(id)).toEqual([id, id]);
      expect(await seen(id)).toEqual({ ...cancelled, attemptCount: 0 });
    }
    if (!message) throw new Error("nothing was dequeued");
    const start = `/engine/v1/dev/runs/${message.run.friendlyId}/snapshots/${message.snapshot.friendlyId}/attempts/start`;
    expect((await worker.call("POST", start, { isWarmStart: false })).status).toBeGreaterThanOrEqual(400);
  });

  test("an executing and a waiting run is over when its worker confirms", async () => {
    const { id } = await tasks.trigger("task", {});
    const executing = await worker.next();
    await twice(id);
    const { snapshot } = await worker.state(id);

    expect(snapshot.executionStatus).toBe("PENDING_CANCEL");
    await worker.confirmCancel({ ...executing, snapshotId: snapshot.friendlyId });
    expect(await seen(id)).toEqual({ ...cancelled, attemptCount: 1 });
    expect((await worker.state(id)).snapshot.executionStatus).toBe("FINISHED");
  });

  test("a completed, a failed and an expired run stay as they are", async () => {
    const completed = await tasks.trigger("task", {});
    await worker.complete(await worker.next());
    const failed = await tasks.trigger("task", {});
    await worker.fail(await worker.next(), "no");
    const expired = await tasks.trigger("nobody has this task", {}, { ttl: 1 });
    await until("the expiry", async () => (await runs.retrieve(expired.id)).status === "EXPIRED");

    for (const { id } of [completed, failed, expired]) await runs.cancel(id);

    const statuses = [];
    for (const { id } of [completed, failed, expired]) statuses.push((await runs.retrieve(id)).status);
    expect(statuses).toEqual(["COMPLETED", "FAILED", "EXPIRED"]);
  });
});

describe("replaying", () => {
  test("gives a new run the payload, tags, queue and first metadata of the old one, but neither key, parent nor delay", async () => {
    const attempt = await (async () => {
      await tasks.trigger("parent", {});
      return worker.next();
    })();
    const options = {
      parentRunId: attempt.runId,
      tags: ["kept"],
      metadata: { seed: 1 },
      idempotencyKey: "not kept",
      queue: { name: "task/limited" },
      concurrencyKey: "ck",
      delay: "1h",
      maxAttempts: 7,
    };
    const { body } = await worker.call<{ id: string }>("POST", "/api/v1/tasks/task/trigger", {
      payload: { n: 1 },
      options,
    });
    await worker.call("PUT", `/api/v1/runs/${body.id}/metadata`, { metadata: { changed: true } });

    const replay = await runs.retrieve((await runs.replay(body.id)).id);

    expect(replay).toMatchObject({ status: "QUEUED", payload: { n: 1 }, tags: ["kept"], metadata: { seed: 1 } });
    expect([replay.idempotencyKey, replay.relatedRuns.parent, replay.delayedUntil, replay.depth]).toEqual([
      undefined,
      undefined,
      undefined,
      0,
    ]);
    expect((await runs.list({ queue: { type: "task", name: "limited" }, tag: "kept" })).data).toHaveLength(2);
    await worker.complete(attempt);
  });

  test("works for a run in any state, and again for a replay", async () => {
    const delayed = await tasks.trigger("task", { n: 1 }, { delay: "1h" });
    const cancelled = await tasks.trigger("task", { n: 2 }, { delay: "1h" });
    await runs.cancel(cancelled.id);
    const failed = await tasks.trigger("task", { n: 3 });
    await worker.fail(await worker.next(), "no");

    for (const [n, { id }] of [delayed, cancelled, failed].entries()) {
      const first = await runs.replay(id);
      const second = await runs.replay(first.id);
      expect(new Set([id, first.id, second.id]).size).toBe(3);
      expect((await runs.retrieve(second.id)).payload).toEqual({ n: n + 1 });
    }
  });
});

test("priority counts from the end of the delay", async () => {
  const start = await tasks.trigger("limited", {});
  const running = await worker.next();
  const later = await tasks.trigger("limited", {}, { delay: "1s", priority: 5 });
  const plain = await tasks.trigger("limited", {});
  await until("the delay to end", async () => (await runs.retrieve(later.id)).status === "QUEUED");
  await worker.complete(running);

  const order = [];
  for (let n = 0; n < 2; n++) {
    const attempt = await worker.next();
    order.push(attempt.runId);
    await worker.complete(attempt);
  }

  expect(start.id).toBe(running.runId);
  expect(order).toEqual([later.id, plain.id]);
});

test("a failed attempt is tried as often as the trigger says, whatever the task says", async () => {
  const { id } = await tasks.trigger("task", {}, { maxAttempts: 2 });
  const first = await worker.next();
  const { attemptStatus } = await worker.fail(first, "once", { delay: 0 });

  expect(attemptStatus).toBe("RETRY_IMMEDIATELY");
  expect((await runs.retrieve(id)).attemptCount).toBe(1);
  await runs.cancel(id);
});
