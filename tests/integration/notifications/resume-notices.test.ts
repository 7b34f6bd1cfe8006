import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { newId, type OrderId } from "@/lib/ids";
import { resumeNotices } from "@/lib/notifications/resume-notices";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { order, shelve } from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.close());

const minutesAgo = (count: number) => new Date(Date.now() - count * 60_000);
const keyOf = (orderId: OrderId) => `order:${orderId}:notify:confirmation`;

/** An order whose confirmation was given to this run. */
async function notified(runId: string, sentAt = minutesAgo(5)): Promise<OrderId> {
  const { orderId } = await order([await shelve("Mug", 1)]);
  const message = { key: keyOf(orderId), payload: { orderId, notice: "confirmation" as const }, tags: ["mug"] };
  await transaction((tx) => addToOutbox(tx, "order.notify", message));
  await db().outboxMessage.update({ where: { key: message.key }, data: { sentAt, runId } });
  return orderId;
}

const again = (orderId: OrderId) => db().outboxMessage.findMany({ where: { key: `${keyOf(orderId)}:again` } });

test("a notice whose run ended without its mail is asked for once more, and only once", async () => {
  const lost = await notified("run_dead");
  const waiting = await notified("run_alive");
  const tooOld = await notified("run_dead", minutesAgo(13 * 60));
  const mailed = await notified("run_dead");
  const mail = { id: newId("mail"), kind: "confirmation", recipient: "ada@example.com", orderId: mailed };
  await db().sentMail.create({ data: { ...mail, sentAt: new Date() } });
  const isRunOver = async (runId: string) => runId === "run_dead";

  expect(await resumeNotices({ isRunOver, now: new Date() })).toBe(1);
  await db().outboxMessage.updateMany({ where: { sentAt: null }, data: { sentAt: minutesAgo(5), runId: "run_dead" } });
  expect(await resumeNotices({ isRunOver, now: new Date() })).toBe(0);

  const payload = { orderId: lost, notice: "confirmation" };
  expect(await again(lost)).toMatchObject([{ name: "order.notify", payload, tags: ["mug"] }]);
  for (const orderId of [waiting, tooOld, mailed]) expect(await again(orderId)).toEqual([]);
});

test("the mail of one refund does not stand for the mail of another", async () => {
  const { orderId } = await order([await shelve("Mug", 1)]);
  const keys = ["rfd_1", "rfd_2"].map((subject) => ({ subject, key: `order:${orderId}:notify:refunded:${subject}` }));
  for (const { subject, key } of keys) {
    const payload = { orderId, notice: "refunded" as const, subject };
    await transaction((tx) => addToOutbox(tx, "order.notify", { key, payload }));
    await db().outboxMessage.update({ where: { key }, data: { sentAt: minutesAgo(5), runId: "run_dead" } });
  }
  const mail = { id: newId("mail"), kind: "refunded", recipient: "ada@example.com", orderId, subject: "rfd_1" };
  await db().sentMail.create({ data: { ...mail, sentAt: new Date() } });

  await resumeNotices({ isRunOver: async () => true, now: new Date() });

  const asked = await db().outboxMessage.findMany({
    where: { key: { startsWith: `order:${orderId}`, endsWith: ":again" } },
  });
  expect(asked.map(({ key }) => key)).toEqual([`${keys[1]?.key}:again`]);
});
