import { runs, tasks } from "@trigger.dev/sdk";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { env } from "@/lib/env";
import { newId, type OrderId } from "@/lib/ids";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { relayOutbox } from "@/lib/outbox/relay-outbox";
import { TestWorker } from "@/tests/local/trigger/worker";
import { startWorld, type World } from "@/tests/support/world";

let world: World<"trigger">;
beforeAll(async () => {
  world = await startWorld({ trigger: true });
});
afterAll(() => world.close());
beforeEach(async () => {
  await db().outboxMessage.deleteMany();
});

const now = new Date("2026-03-02T10:00:00Z");
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

async function ask(orderId: OrderId = newId("order"), key = `order:${orderId}:process`): Promise<OrderId> {
  await transaction((tx) =>
    addToOutbox(tx, "order.process", { key, payload: { orderId }, tags: [`order_${orderId}`], availableAt: now }),
  );
  return orderId;
}

async function runsOf(orderId: OrderId) {
  return (await runs.list({ tag: `order_${orderId}` })).data;
}

/** A worker takes what is queued until it has this run, which fails for good. */
async function failRun(runId: string): Promise<void> {
  const { TRIGGER_SECRET_KEY: secretKey, TRIGGER_PROJECT_REF: projectRef } = env();
  const worker = await new TestWorker(world.trigger.url, { secretKey, projectRef }).register([{ id: "process-order" }]);
  for (let isFound = false; !isFound; ) {
    const attempts = await Promise.all((await worker.dequeue()).map((message) => worker.start(message)));
    for (const attempt of attempts)
      await (attempt.runId === runId ? worker.fail(attempt, "the card reader is on fire") : worker.complete(attempt));
    isFound = attempts.some((attempt) => attempt.runId === runId);
  }
}

describe("relayOutbox", () => {
  test("triggers the task with the payload, the tags and a ttl that outlives an outage", async () => {
    const orderId = await ask();

    await expect(relayOutbox({ now })).resolves.toEqual({ sent: 1, failed: 0 });

    const message = await db().outboxMessage.findFirstOrThrow();
    const [run] = await runsOf(orderId);
    expect(message).toMatchObject({ runId: run?.id, lastError: null });
    expect(message.sentAt).not.toBeNull();
    expect(run).toMatchObject({ taskIdentifier: "process-order" });
    expect(run?.tags).toEqual(expect.arrayContaining([message.id, "store", `order_${orderId}`]));
    expect((await runs.retrieve(run?.id ?? "")).payload).toEqual({ orderId });
  });

  test("asking twice under one key is asking once", async () => {
    const orderId = newId("order");

    await Promise.all([ask(orderId), ask(orderId), ask(orderId)]);
    await relayOutbox({ now });

    expect(await runsOf(orderId)).toHaveLength(1);
  });

  test("five relays at once send each message once", async () => {
    const orders = await Promise.all(Array.from({ length: 12 }, () => ask()));

    const results = await Promise.all(Array.from({ length: 5 }, () => relayOutbox({ now })));

    expect(results.reduce((sum, result) => sum + result.sent, 0)).toBe(12);
    for (const orderId of orders) expect(await runsOf(orderId)).toHaveLength(1);
  });

  test("a relay that died after triggering starts no second run, not even when the first one failed", async () => {
    const orderId = await ask();
    await relayOutbox({ now });
    // What a crash between the trigger and the mark leaves behind; and the platform forgets the key of a failed run.
    await db().outboxMessage.updateMany({ data: { sentAt: null, runId: null, availableAt: later(30) } });
    const [first] = await runsOf(orderId);
    await failRun(first?.id ?? "");
    // What a run hands its work on to bears its tags, too.
    const { id: messageId } = await db().outboxMessage.findFirstOrThrow();
    await tasks.trigger("a-child", {}, { tags: [messageId] });

    await expect(relayOutbox({ now: later(29) })).resolves.toEqual({ sent: 0, failed: 0 });
    await expect(relayOutbox({ now: later(31) })).resolves.toEqual({ sent: 1, failed: 0 });

    expect(await runsOf(orderId)).toMatchObject([{ id: first?.id, status: "FAILED" }]);
    expect(await db().outboxMessage.findFirstOrThrow()).toMatchObject({ runId: first?.id });
  });

  test("a message that no task does stays, with its error, and holds nobody up", async () => {
    const orderId = await ask();
    await db().outboxMessage.create({
      data: { id: newId("outbox"), name: "order.frobnicate", key: "odd", payload: {}, availableAt: now },
    });

    await expect(relayOutbox({ now })).resolves.toEqual({ sent: 1, failed: 1 });

    const odd = await db().outboxMessage.findUniqueOrThrow({ where: { key: "odd" } });
    expect(odd).toMatchObject({ sentAt: null, lastError: 'No task does "order.frobnicate".' });
    expect(odd.availableAt.getTime()).toBeGreaterThan(now.getTime());
    expect(await runsOf(orderId)).toHaveLength(1);
  });

  test("what rolls back asks for nothing", async () => {
    const attempt = transaction(async (tx) => {
      await addToOutbox(tx, "order.process", { key: "never", payload: { orderId: newId("order") } });
      throw new Error("the use case refused");
    });

    await expect(attempt).rejects.toThrow("the use case refused");
    await expect(db().outboxMessage.count()).resolves.toBe(0);
  });
});
