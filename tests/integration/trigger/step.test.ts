import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { TemporaryError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { OrderNotPaidError } from "@/lib/orders/errors";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { startWorld, type World } from "@/tests/support/world";
import { step } from "@/trigger/_step";

let world: World<"trigger">;

beforeAll(async () => {
  world = await startWorld({ trigger: true });
});

afterAll(() => world.close());

const busy = new TemporaryError({ vendor: "stripe", message: "slow down", retryAfterMs: 9_000 });

test("a refusal ends the run, with its code; a failure that may pass stays one", async () => {
  await expect(step(() => Promise.reject(new OrderNotPaidError()))).rejects.toMatchObject({
    name: "AbortTaskRunError",
    message: expect.stringMatching(/^order-not-paid: /),
  });
  await expect(step(() => Promise.reject(busy))).rejects.toBe(busy);
  await expect(step(() => Promise.resolve("done"))).resolves.toBe("done");
});

test("what a step asked for is sent, also when the step fails after its commit", async () => {
  const orderId = newId("order");

  const failing = step(async () => {
    await transaction((tx) => addToOutbox(tx, "order.process", { key: "a", payload: { orderId } }));
    throw busy;
  });

  await expect(failing).rejects.toBe(busy);
  const message = await db().outboxMessage.findUniqueOrThrow({ where: { key: "a" } });
  expect(message).toMatchObject({ runId: expect.stringMatching(/^run_/), sentAt: expect.any(Date) });
});
