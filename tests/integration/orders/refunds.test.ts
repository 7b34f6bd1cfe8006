import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { NotAllowedError } from "@/lib/accounts/errors";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { TemporaryError } from "@/lib/errors";
import { newId, type OrderId, type OrderLineId, type RefundId } from "@/lib/ids";
import { money } from "@/lib/money/money";
import {
  OrderActionRefusedError,
  OrderNotFoundError,
  RefundNotFoundError,
  RefundRefusedError,
} from "@/lib/orders/errors";
import { getOrderForShopper } from "@/lib/orders/get-order-for-shopper";
import { getOrderForStaff } from "@/lib/orders/get-order-for-staff";
import { recordRefunds } from "@/lib/orders/record-refunds";
import { type RefundWish, refundOrder } from "@/lib/orders/refund-order";
import { resumeRefunds } from "@/lib/orders/resume-refunds";
import { sendRefund } from "@/lib/orders/send-refund";
import { StripeServerError } from "@/lib/payments/errors";
import { listRefunds } from "@/lib/payments/read-refunds";
import { startWorld, type World } from "@/tests/support/world";
import {
  allRunsAreOver,
  asked,
  authorizedOrder,
  cards,
  confirmedOrder,
  crashOnceAt,
  grace,
  hearAbout,
  inMinutes,
  markSent,
  passAtStripe,
  paymentIntentOf,
  readOrder,
  refundsAtStripe,
  shelve,
  stripeDashboard,
  stripeFault,
} from "./shop";

let world: World<"stripe" | "carrier" | "s3">;

const now = new Date();
const euros = (amount: number) => money(amount, "EUR");
const amountOf = (amount: number): RefundWish => ({ kind: "amount", amount: euros(amount) });
const rest: RefundWish = { kind: "rest" };
/** Three mugs at 19.99 and the shipping. */
const paid = 3 * 1999 + 490;

beforeAll(async () => {
  world = await startWorld({ stripe: true, carrier: true, s3: true });
});

afterEach(() => setCrashTrap(undefined));

afterAll(() => world.close());

const paidOrder = async (card?: string) => (await confirmedOrder([await shelve("Mug", 9)], 3, card)).orderId;
const promise = (orderId: OrderId, wish: RefundWish, reason = "requested_by_customer" as const) =>
  refundOrder({ actor: grace, orderId, wish, reason, now });
const kinds = async (orderId: OrderId) =>
  (await readOrder(orderId)).events.map(({ kind }) => kind).filter((kind) => kind.startsWith("refund"));
const linesOf = async (orderId: OrderId) => (await readOrder(orderId)).lines.map(({ id }) => id as OrderLineId);

/** Sums that must agree once nothing moves any more: Stripe's, the refunds', the order's. */
async function expectMoneyToAgree(orderId: OrderId): Promise<number> {
  const order = await readOrder(orderId);
  const sum = (refunds: { amount: number }[]) => refunds.reduce((total, { amount }) => total + amount, 0);
  const here = sum(order.refunds.filter(({ state }) => state === "succeeded"));
  const there = sum((await refundsAtStripe(orderId)).filter(({ status }) => status === "succeeded"));
  expect({ here, order: order.refundedAmount }).toEqual({ here: there, order: there });
  expect(order.refundStatus).toBe(there === 0 ? "none" : there < order.totalAmount ? "partial" : "full");
  return there;
}

describe("a promise", () => {
  test("counts at once, is asked of the background, and says who and why", async () => {
    const orderId = await paidOrder();

    const refundId = await refundOrder({
      actor: grace,
      orderId,
      wish: amountOf(500),
      reason: "other",
      note: "Scratched.",
      now,
    });

    expect(await readOrder(orderId)).toMatchObject({
      refundedAmount: 500,
      refundStatus: "none",
      refunds: [{ id: refundId, state: "requested", amount: 500, note: "Scratched.", requestedBy: "staff:user_grace" }],
    });
    expect((await readOrder(orderId)).events.find(({ kind }) => kind === "refund")).toMatchObject({
      actor: "staff:user_grace",
      message: "€5.00 is to be given back: another reason.",
    });
    expect(await db().outboxMessage.findUnique({ where: { key: `refund:${refundId}:send` } })).toMatchObject({
      name: "order.refund",
      payload: { refundId },
    });
    expect(await db().auditEntry.findMany({ where: { subject: orderId } })).toMatchObject([{ action: "order.refund" }]);
  });

  test("for pieces keeps which, and no piece is refunded twice", async () => {
    const orderId = await paidOrder();
    const [line] = await linesOf(orderId);
    const pieces = (quantity: number, withShipping = false): RefundWish => ({
      kind: "pieces",
      pieces: [{ orderLineId: line as OrderLineId, quantity }],
      withShipping,
    });

    await promise(orderId, pieces(2));
    await expect(promise(orderId, pieces(2))).rejects.toThrow("Only 1 of Mug can still be refunded, not 2.");
    await promise(orderId, pieces(1, true));

    const { refunds, refundedAmount } = await readOrder(orderId);
    expect(refunds.map(({ amount, shippingAmount, lines }) => [amount, shippingAmount, lines[0]?.quantity])).toEqual([
      [3998, 0, 2],
      [2489, 490, 1],
    ]);
    expect(refundedAmount).toBe(paid);
  });

  test("of ten made at once no more is kept than was paid", async () => {
    const orderId = await paidOrder();

    const made = await Promise.allSettled(Array.from({ length: 10 }, () => promise(orderId, amountOf(2000))));

    const refused = made.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(refused).toHaveLength(7);
    for (const reason of refused) expect(reason).toBeInstanceOf(RefundRefusedError);
    expect(await readOrder(orderId)).toMatchObject({ refundedAmount: 6000, refunds: { length: 3 } });
  });

  test("of the same last piece is kept once when two ask at once", async () => {
    const orderId = await paidOrder();
    const [line] = await linesOf(orderId);
    const wish: RefundWish = {
      kind: "pieces",
      pieces: [{ orderLineId: line as OrderLineId, quantity: 2 }],
      withShipping: false,
    };

    const made = await Promise.allSettled([promise(orderId, wish), promise(orderId, wish)]);

    expect(made.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await readOrder(orderId)).refunds).toHaveLength(1);
  });

  test("the database itself refuses to give back more than was paid", async () => {
    const orderId = await paidOrder();

    const tooMuch = db().order.update({ where: { id: orderId }, data: { refundedAmount: paid + 1 } });

    await expect(tooMuch).rejects.toThrow(/order_refunded_within_total/);
  });

  test("is for staff, for orders that were paid, and for more than nothing", async () => {
    const unpaid = await authorizedOrder([await shelve("Mug", 1)]);
    const orderId = await paidOrder();
    const shopper = { kind: "shopper" } as const;

    await expect(refundOrder({ actor: shopper, orderId, wish: rest, reason: "other", now })).rejects.toThrow(
      NotAllowedError,
    );
    await expect(promise(unpaid.orderId, rest)).rejects.toThrow(OrderActionRefusedError);
    await expect(promise(newId("order"), rest)).rejects.toThrow(OrderNotFoundError);
    await expect(promise(orderId, amountOf(0))).rejects.toThrow(RefundRefusedError);
    await expect(sendRefund({ refundId: newId("refund"), now })).rejects.toThrow(RefundNotFoundError);
  });
});

describe("sending it", () => {
  test("gives the money back at Stripe and tells the shopper of each refund", async () => {
    const orderId = await paidOrder();
    const first = await promise(orderId, amountOf(500));
    const second = await promise(orderId, rest);

    expect(await sendRefund({ refundId: first, now })).toEqual({ refundId: first, state: "succeeded" });
    expect(await readOrder(orderId)).toMatchObject({ refundStatus: "partial" });
    await sendRefund({ refundId: second, now });

    expect(await refundsAtStripe(orderId)).toMatchObject([
      { amount: 500, reason: "requested_by_customer", metadata: { orderId, refundId: first } },
      { amount: paid - 500, metadata: { refundId: second } },
    ]);
    expect(await expectMoneyToAgree(orderId)).toBe(paid);
    expect((await asked(orderId)).filter((key) => key.includes("refunded"))).toEqual([
      `notify:refunded:${first}`,
      `notify:refunded:${second}`,
    ]);
  });

  test("five times at once gives it back once", async () => {
    const orderId = await paidOrder();
    const refundId = await promise(orderId, amountOf(500));

    const sent = await Promise.allSettled([1, 2, 3, 4, 5].map(() => sendRefund({ refundId, now })));
    await sendRefund({ refundId, now });

    for (const one of sent) if (one.status === "rejected") expect(one.reason).toBeInstanceOf(TemporaryError);
    expect(await expectMoneyToAgree(orderId)).toBe(500);
    expect(await refundsAtStripe(orderId)).toHaveLength(1);
    expect(await kinds(orderId)).toEqual(["refund", "refunded"]);
  });

  test.each([
    ["answers with an error after it has done it", "error_after", 1],
    ["answers with errors before it does anything", "error_before", 3],
    ["loses the connection before", "drop_before", 3],
  ])("gives it back once when Stripe %s", async (_, kind, times) => {
    const orderId = await paidOrder();
    const refundId = await promise(orderId, amountOf(500));
    await stripeFault({ method: "POST", path: "/v1/refunds", kind, times });

    await expect(sendRefund({ refundId, now })).rejects.toBeInstanceOf(TemporaryError);
    expect(await sendRefund({ refundId, now })).toMatchObject({ state: "succeeded" });

    expect(await expectMoneyToAgree(orderId)).toBe(500);
    expect(await refundsAtStripe(orderId)).toHaveLength(1);
  });

  test("an answer that was lost on the way is asked for again under the same key", async () => {
    const orderId = await paidOrder();
    const refundId = await promise(orderId, amountOf(500));
    await stripeFault({ method: "POST", path: "/v1/refunds", kind: "drop_after" });

    expect(await sendRefund({ refundId, now })).toMatchObject({ state: "succeeded" });

    expect(await expectMoneyToAgree(orderId)).toBe(500);
    expect(await refundsAtStripe(orderId)).toHaveLength(1);
  });

  test("takes a new key only after an error of Stripe's own, which it would repeat under the old one", async () => {
    const orderId = await paidOrder();
    const refundId = await promise(orderId, amountOf(500));
    await stripeFault({ method: "POST", path: "/v1/refunds", kind: "error_before", times: 3 });
    const keys = async () => {
      const { data } = await stripeDashboard().events.list({ type: "refund.created", limit: 100 });
      return data
        .filter(({ data: { object } }) => "metadata" in object && object.metadata?.refundId === refundId)
        .map(({ request }) => request?.idempotency_key);
    };

    await expect(sendRefund({ refundId, now })).rejects.toBeInstanceOf(StripeServerError);
    await sendRefund({ refundId, now });

    expect(await keys()).toEqual([`${refundId}:refund:2`]);
    expect(await kinds(orderId)).toEqual(["refund", "refund-unclear", "refunded"]);
  });

  test("after a crash between Stripe's answer and ours finds it done", async () => {
    const orderId = await paidOrder();
    const refundId = await promise(orderId, amountOf(500));
    crashOnceAt("refund-order.sent");

    await expect(sendRefund({ refundId, now })).rejects.toThrow("crashed");
    await sendRefund({ refundId, now: inMinutes(60 * 25) });

    expect(await expectMoneyToAgree(orderId)).toBe(500);
    expect(await refundsAtStripe(orderId)).toHaveLength(1);
  });

  test("beside Stripe's messages about it settles it once", async () => {
    const orderId = await paidOrder();
    const refundId = await promise(orderId, amountOf(500));
    crashOnceAt("refund-order.sent");
    await expect(sendRefund({ refundId, now })).rejects.toThrow("crashed");
    const [atStripe] = await refundsAtStripe(orderId);

    await Promise.all([
      hearAbout(atStripe?.id ?? "", "refund.created"),
      hearAbout(String(atStripe?.charge), "charge.refunded"),
      sendRefund({ refundId, now }),
    ]);

    expect(await expectMoneyToAgree(orderId)).toBe(500);
    expect(await kinds(orderId)).toEqual(["refund", "refunded"]);
    expect((await readOrder(orderId)).refunds).toHaveLength(1);
  });

  test("what Stripe refuses is over: the amount is free again, and staff are told", async () => {
    const { orderId, accessToken } = await confirmedOrder([await shelve("Mug", 9)], 3);
    const refundId = await promise(orderId, rest);
    await stripeDashboard().refunds.create({ payment_intent: await paymentIntentOf(orderId), amount: 1000 });

    expect(await sendRefund({ refundId, now })).toMatchObject({ state: "failed" });

    expect(await readOrder(orderId)).toMatchObject({
      refundedAmount: 0,
      refundStatus: "none",
      refunds: [{ state: "failed", stripeRefundId: null, failureReason: expect.stringContaining("greater than") }],
    });
    expect(await asked(orderId)).toContain(`notify:refund-failed:${refundId}`);
    const seen = await getOrderForShopper(orderId, accessToken);
    expect(seen.refunds).toEqual([]);
    expect(seen.timeline.map(({ kind }) => kind)).not.toContain("refund-failed");
    expect((await getOrderForStaff({ actor: grace, id: orderId })).refunds).toMatchObject([{ state: "failed" }]);
  });
});

describe("what Stripe tells", () => {
  test("a refund made at Stripe is taken over once, however many messages there are about it", async () => {
    const orderId = await paidOrder();
    const made = await stripeDashboard().refunds.create({
      payment_intent: await paymentIntentOf(orderId),
      amount: 700,
      reason: "duplicate",
    });

    const heard = await Promise.all([
      hearAbout(made.id, "refund.created"),
      hearAbout(String(made.charge), "charge.refunded"),
    ]);

    expect(heard).toMatchObject([{ processed: true }, { processed: true }]);
    expect((await readOrder(orderId)).refunds).toMatchObject([
      { state: "succeeded", amount: 700, reason: "duplicate", requestedBy: "stripe", stripeRefundId: made.id },
    ]);
    expect(await expectMoneyToAgree(orderId)).toBe(700);
    await expect(promise(orderId, amountOf(paid - 699))).rejects.toThrow(RefundRefusedError);
  });

  test("one made at Stripe beside our promise of all waits until Stripe has refused the promise", async () => {
    const orderId = await paidOrder();
    const refundId = await promise(orderId, rest);
    const made = await stripeDashboard().refunds.create({
      payment_intent: await paymentIntentOf(orderId),
      amount: 700,
    });

    await expect(hearAbout(made.id, "refund.created")).rejects.toBeInstanceOf(TemporaryError);
    await sendRefund({ refundId, now });
    await hearAbout(made.id, "refund.created");

    expect((await readOrder(orderId)).refunds.map(({ state, amount }) => [state, amount])).toEqual([
      ["failed", paid],
      ["succeeded", 700],
    ]);
    expect(await expectMoneyToAgree(orderId)).toBe(700);
  });

  test("a pending refund is settled by Stripe's message", async () => {
    const orderId = await paidOrder(cards.refundsPend);
    const refundId = await promise(orderId, rest);
    expect(await sendRefund({ refundId, now })).toMatchObject({ state: "pending" });
    expect(await readOrder(orderId)).toMatchObject({ refundStatus: "none", refundedAmount: paid });
    const [atStripe] = await refundsAtStripe(orderId);

    await passAtStripe(11_000);
    await hearAbout(atStripe?.id ?? "", "refund.updated");

    expect(await expectMoneyToAgree(orderId)).toBe(paid);
    expect(await kinds(orderId)).toEqual(["refund", "refunded"]);
  });

  test("a refund that fails after it had succeeded gives its amount free, and it can be given back anew", async () => {
    const orderId = await paidOrder(cards.refundsFail);
    const refundId = await promise(orderId, rest);
    expect(await sendRefund({ refundId, now })).toMatchObject({ state: "succeeded" });
    const [atStripe] = await refundsAtStripe(orderId);

    await passAtStripe(11_000);
    await hearAbout(atStripe?.id ?? "", "refund.failed");
    await hearAbout(atStripe?.id ?? "", "refund.updated");

    expect(await expectMoneyToAgree(orderId)).toBe(0);
    expect(await kinds(orderId)).toEqual(["refund", "refunded", "refund-failed"]);
    expect(await asked(orderId)).toContain(`notify:refund-failed:${refundId}`);
    await promise(orderId, rest);
  });

  test("an answer of Stripe that comes late does not undo a newer one", async () => {
    const orderId = await paidOrder(cards.refundsPend);
    const refundId = await promise(orderId, rest);
    await sendRefund({ refundId, now });
    const intent = await paymentIntentOf(orderId);
    const late = await listRefunds(intent);
    await passAtStripe(11_000);
    await sendRefund({ refundId, now });

    const payment = await db().payment.findUniqueOrThrow({ where: { paymentIntentId: intent } });
    await transaction((tx) => recordRefunds(tx, { payment, refunds: late, now }));

    expect(late).toMatchObject([{ state: "pending" }]);
    expect(await expectMoneyToAgree(orderId)).toBe(paid);
  });

  test("refunds of payments that are not ours are none of our business", async () => {
    const stripe = stripeDashboard();
    const params = { amount: 900, currency: "eur", payment_method: "pm_card_visa", confirm: true };
    const foreign = await stripe.paymentIntents.create({ ...params, return_url: "http://localhost:3000" });
    const made = await stripe.refunds.create({ payment_intent: foreign.id });

    expect(await hearAbout(made.id, "refund.created")).toMatchObject({ processed: false });
    expect(await db().refund.count({ where: { stripeRefundId: made.id } })).toBe(0);
  });
});

test("refunds that nobody settled are asked for again, once their run is over", async () => {
  await db().refund.deleteMany({ where: { state: { in: ["requested", "pending"] } } });
  const orderId = await paidOrder();
  const stalled = await promise(orderId, amountOf(100));
  const done = await promise(orderId, amountOf(200));
  await sendRefund({ refundId: done, now });
  const messages = (refundId: RefundId) => db().outboxMessage.count({ where: { key: { contains: refundId } } });

  await markSent();
  const sweep = (minutes: number, isRunOver = allRunsAreOver) => resumeRefunds({ isRunOver, now: inMinutes(minutes) });
  const [soon, atWork, later, again] = [
    await sweep(1),
    await sweep(11, async () => false),
    await sweep(11),
    await sweep(11),
  ];

  expect([soon, atWork, later, again]).toEqual([0, 0, 1, 0]);
  // The settled one was asked for once, and its mail names it.
  expect([await messages(stalled), await messages(done)]).toEqual([2, 2]);
});
