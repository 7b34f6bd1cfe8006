import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { NotAllowedError } from "@/lib/accounts/errors";
import { db } from "@/lib/db/client";
import { FindingResolvedError } from "@/lib/findings/errors";
import { listFindings } from "@/lib/findings/list-findings";
import { type Raised, raiseFinding } from "@/lib/findings/raise-finding";
import { resolveFinding } from "@/lib/findings/resolve-finding";
import type { FindingId } from "@/lib/ids";
import { sendFindings } from "@/lib/notifications/send-findings";
import { processOrder } from "@/lib/orders/process-order";
import { raiseStuck } from "@/lib/reconcile/raise-stuck";
import { authorizedOrder, confirmedOrder, grace, inMinutes, markSent, shelve } from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";

let world: World<"stripe" | "resend">;
const now = new Date();
const inADay = () => inMinutes(25 * 60);

beforeAll(async () => {
  world = await startWorld({ stripe: true, resend: true });
  await db().user.create({ data: { id: grace.userId, name: "Grace", email: grace.email, role: "staff" } });
});

beforeEach(() => db().finding.deleteMany());

afterAll(() => world.close());

const open = (kind: string) => db().finding.findMany({ where: { kind, state: "open" } });

const lost = (subject: string): Raised => ({
  kind: "payment-unknown",
  subject,
  orderId: null,
  message: `Stripe has charged €1.00 with ${subject}.`,
});

test("an order that a day of driving did not finish is raised, settles itself, and is raised anew", async () => {
  const { orderId } = await authorizedOrder([await shelve("Mug", 1)]);
  await markSent();

  expect(await raiseStuck({ now })).toBe(0);
  expect([await raiseStuck({ now: inADay() }), await raiseStuck({ now: inADay() })]).toEqual([1, 0]);
  expect(await open("order-stuck")).toMatchObject([
    { orderId, message: expect.stringMatching(/^Order #\d+ is pending and authorized since 2\d{3}-/) },
  ]);

  await processOrder({ orderId, now });
  await markSent();
  await db().order.update({ where: { id: orderId }, data: { status: "fulfilling" } });
  expect(await raiseStuck({ now: inADay() })).toBe(0);
  expect(await db().finding.findMany({ where: { orderId } })).toMatchObject([
    { state: "resolved", resolvedBy: "system" },
  ]);

  await db().order.update({ where: { id: orderId }, data: { status: "confirmed" } });
  expect(await raiseStuck({ now: inADay() })).toBe(1);
  await db().order.update({ where: { id: orderId }, data: { status: "fulfilling" } });
});

test("a promised refund, an event and a mail that a day did not finish are raised", async () => {
  const { orderId } = await confirmedOrder([await shelve("Mug", 1)]);
  const { id: paymentId } = await db().payment.findFirstOrThrow({ where: { orderId } });
  await db().order.update({ where: { id: orderId }, data: { status: "delivered" } });
  const refund = {
    id: "rfd_1",
    orderId,
    paymentId,
    amount: 100,
    currency: "EUR",
    reason: "other",
    requestedBy: "system",
  };
  await db().refund.create({ data: { ...refund, reason: "other" } });
  await db().stripeEvent.create({
    data: { id: "evt_1", type: "invoice.paid", objectId: "in_1", payload: {}, createdAt: now },
  });
  await db().sentMail.create({ data: { id: "mail_1", kind: "shipped", recipient: "ada@example.com", orderId } });
  await markSent();

  expect(await raiseStuck({ now: inADay() })).toBe(3);

  for (const kind of ["refund-stuck", "event-stuck", "mail-stuck"]) expect(await open(kind)).toHaveLength(1);
  await db().refund.deleteMany();
  await db().stripeEvent.deleteMany({ where: { id: "evt_1" } });
  await db().sentMail.deleteMany({ where: { id: "mail_1" } });
});

test("a cancelled order whose refund was refused is raised until it is refunded, but not while a dispute has the money", async () => {
  const { orderId } = await confirmedOrder([await shelve("Mug", 1)]);
  const payment = await db().payment.findFirstOrThrow({ where: { orderId } });
  await db().order.update({ where: { id: orderId }, data: { status: "cancelled" } });
  await db().refund.create({
    data: {
      id: "rfd_refused",
      orderId,
      paymentId: payment.id,
      state: "failed",
      amount: payment.amount,
      currency: "EUR",
      reason: "cancellation",
      requestedBy: "shopper",
      failureReason: "expired_or_canceled_card",
      settledAt: now,
    },
  });
  await markSent();
  const { id } = await db().dispute.create({
    data: {
      id: "dsp_1",
      orderId,
      paymentId: payment.id,
      stripeDisputeId: "dp_1",
      status: "under_review",
      reason: "fraudulent",
      amount: payment.amount,
      currency: "EUR",
      blocksRefunds: true,
      openedAt: now,
    },
  });

  expect(await raiseStuck({ now })).toBe(0);
  await db().dispute.update({ where: { id }, data: { blocksRefunds: false } });
  expect([await raiseStuck({ now }), await raiseStuck({ now })]).toEqual([1, 0]);
  expect(await open("refund-refused")).toMatchObject([
    { orderId, message: expect.stringContaining("could be given back: expired_or_canceled_card.") },
  ]);

  await db().order.update({ where: { id: orderId }, data: { refundedAmount: payment.amount } });
  expect(await raiseStuck({ now })).toBe(0);
  expect(await open("refund-refused")).toEqual([]);
});

test("messages that wait for the task platform for an hour are one finding, with the platform's answer", async () => {
  await authorizedOrder([await shelve("Mug", 1)]);
  await db().outboxMessage.updateMany({ where: { sentAt: null }, data: { lastError: "fetch failed" } });

  expect(await raiseStuck({ now: inMinutes(50) })).toBe(0);
  expect(await raiseStuck({ now: inMinutes(70) })).toBe(1);

  expect(await open("message-stuck")).toMatchObject([
    { message: expect.stringMatching(/messages could not be sent to the task platform, .*: fetch failed$/) },
  ]);
  await markSent();
  await raiseStuck({ now: inMinutes(70) });
  expect(await open("message-stuck")).toEqual([]);
});

test("staff are told of all that is new in one mail, and of each once, however many send it", async () => {
  await raiseFinding(lost("pi_one"), now);
  await raiseFinding(lost("pi_two"), now);

  const first = await Promise.all([1, 2, 3].map(() => sendFindings({ now })));
  await raiseFinding(lost("pi_three"), now);
  await raiseFinding(lost("pi_one"), now);
  const second = await sendFindings({ now });

  expect([first.reduce((sum, count) => sum + count), second, await sendFindings({ now })]).toEqual([1, 1, 0]);
  const sent = (await db().sentMail.findMany({ where: { kind: "needs-attention" } })).map(({ recipient }) => recipient);
  expect(sent).toEqual([grace.email, grace.email]);
});

test("what settled itself and is found anew is told anew, and so is what is new besides", async () => {
  await authorizedOrder([await shelve("Mug", 1)]);
  const outage = async (minute: number) => {
    const raised = await raiseStuck({ now: inMinutes(minute) });
    return [raised, await sendFindings({ now: inMinutes(minute) })];
  };
  const isBack = async () => {
    await db().outboxMessage.updateMany({ where: { sentAt: null }, data: { sentAt: now } });
    expect(await outage(70)).toEqual([0, 0]);
  };
  const isAway = () => db().outboxMessage.updateMany({ data: { sentAt: null } });

  expect([await outage(70), await outage(80)]).toEqual([
    [1, 1],
    [0, 0],
  ]);
  await isBack();
  await isAway();
  await raiseFinding(lost("pi_new"), now);
  expect([await outage(90), await outage(100)]).toEqual([
    [1, 1],
    [0, 0],
  ]);
  await isBack();
  await raiseFinding(lost("pi_last"), now);
  expect(await sendFindings({ now })).toBe(1);
});

test("what staff resolved stays resolved for as long as it is stuck, and is raised anew the next time", async () => {
  await authorizedOrder([await shelve("Mug", 1)]);
  const outage = () => raiseStuck({ now: inMinutes(70) });
  expect(await outage()).toBe(1);
  const [finding] = await listFindings({ actor: grace, state: "open" });
  const findingId = finding?.id as FindingId;
  await resolveFinding({ actor: grace, findingId, note: "Asked the platform's people.", now });

  expect([await outage(), await outage()]).toEqual([0, 0]);
  await markSent();
  expect(await outage()).toBe(0);
  expect(await listFindings({ actor: grace, state: "resolved" })).toMatchObject([
    { id: findingId, note: "Asked the platform's people.", settledItself: true, resolvedAt: now },
  ]);
  await db().outboxMessage.updateMany({ data: { sentAt: null } });
  expect(await outage()).toBe(1);

  expect(await open("message-stuck")).toMatchObject([{ id: findingId }]);
  await markSent();
});

test("staff resolve a finding once, with what they did; nobody else does", async () => {
  await raiseFinding(lost("pi_one"), now);
  const [finding] = await listFindings({ actor: grace, state: "open" });
  if (!finding) throw new Error("Nothing was found");
  const resolve = (actor: Parameters<typeof resolveFinding>[0]["actor"]) =>
    resolveFinding({ actor, findingId: finding.id, note: "Given back by hand.", now });

  await expect(resolve({ kind: "shopper" })).rejects.toThrow(NotAllowedError);
  await expect(listFindings({ actor: { kind: "shopper" }, state: "open" })).rejects.toThrow(NotAllowedError);
  const outcomes = await Promise.allSettled([resolve(grace), resolve(grace)]);

  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  await expect(resolve(grace)).rejects.toThrow(FindingResolvedError);
  expect(await listFindings({ actor: grace, state: "resolved" })).toMatchObject([
    { id: finding.id, note: "Given back by hand.", settledItself: false },
  ]);
  expect(await db().auditEntry.count({ where: { action: "finding.resolve", subject: finding.id } })).toBe(1);
});
