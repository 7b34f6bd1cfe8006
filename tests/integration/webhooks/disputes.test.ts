import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { TemporaryError } from "@/lib/errors";
import { newId, type OrderId, type OrderLineId } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { sendNotice } from "@/lib/notifications/send-notice";
import { cancelOrder } from "@/lib/orders/cancel-order";
import { RefundRefusedError } from "@/lib/orders/errors";
import { getOrderForShopper } from "@/lib/orders/get-order-for-shopper";
import { getOrderForStaff } from "@/lib/orders/get-order-for-staff";
import { refundOrder } from "@/lib/orders/refund-order";
import { requestReturn } from "@/lib/orders/request-return";
import { sendRefund } from "@/lib/orders/send-refund";
import { receiveReturn } from "@/lib/orders/settle-return";
import {
  asked,
  cards,
  confirmedOrder,
  control,
  grace,
  hearAbout,
  paymentIntentOf,
  readOrder,
  shelve,
  shippedOrder,
  stripeDashboard,
} from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";

let world: World<"stripe" | "resend" | "carrier" | "s3">;

const now = new Date();
/** A mug and the shipping. */
const paid = 1999 + 490;

beforeAll(async () => {
  world = await startWorld({ stripe: true, resend: true, carrier: true, s3: true });
  await db().user.create({
    data: { id: newId("user"), name: "Grace", email: "grace@shopfloor.example", role: "staff" },
  });
});

afterAll(() => world.close());

async function disputeOf(orderId: OrderId): Promise<Stripe.Dispute> {
  const { data } = await stripeDashboard().disputes.list({ payment_intent: await paymentIntentOf(orderId) });
  if (!data[0]) throw new Error("There is no dispute");
  return data[0];
}

/** A paid order whose payment is contested, and Stripe's message about it heard. */
async function disputedOrder() {
  const placed = await confirmedOrder([await shelve("Mug", 1)], 1, cards.disputed);
  const { id } = await disputeOf(placed.orderId);
  await hearAbout(id, "charge.dispute.created");
  return { ...placed, disputeId: id };
}

const evidence = (id: string, text: string) =>
  stripeDashboard().disputes.update(id, { evidence: { uncategorized_text: text } });
const refund = (orderId: OrderId, amount: number) =>
  refundOrder({ actor: grace, orderId, wish: { kind: "amount", amount: money(amount, "EUR") }, reason: "other", now });
const kinds = async (orderId: OrderId) =>
  (await readOrder(orderId)).events.map(({ kind }) => kind).filter((kind) => kind.startsWith("dispute"));

test("a contested payment is noted, shown to staff only, and staff are told", async () => {
  const { orderId, accessToken, disputeId } = await disputedOrder();

  const { disputes } = await readOrder(orderId);
  expect(disputes).toMatchObject([
    { stripeDisputeId: disputeId, status: "needs_response", reason: "fraudulent", amount: paid, currency: "EUR" },
  ]);
  expect(disputes[0]).toMatchObject({ amountWithdrawn: paid, blocksRefunds: true, closedAt: null });
  expect(await kinds(orderId)).toEqual(["dispute"]);
  const { timeline } = await getOrderForShopper(orderId, accessToken);
  expect(timeline.map(({ kind }) => kind)).not.toContain("dispute");
  const subject = disputes[0]?.id;
  const key = `order:${orderId}:notify:dispute-opened:${subject}`;
  // Shoppers may watch the runs that bear their order's tag.
  expect(await db().outboxMessage.findUnique({ where: { key } })).toMatchObject({ name: "order.notify", tags: [] });
  expect(await sendNotice({ orderId, notice: "dispute-opened", subject, now })).toMatchObject({
    recipient: "staff",
    result: { sent: true, recipients: ["grace@shopfloor.example"] },
  });
});

test("while a dispute has the money nothing is refunded or cancelled here, as at Stripe", async () => {
  const { orderId } = await disputedOrder();

  await expect(refund(orderId, 100)).rejects.toThrow("The cardholder disputes this payment");
  await expect(cancelOrder({ actor: grace, orderId, now })).rejects.toThrow(RefundRefusedError);

  expect(await readOrder(orderId)).toMatchObject({ status: "confirmed", refundedAmount: 0, refunds: [] });
  const { can, disputes } = await getOrderForStaff({ actor: grace, id: orderId });
  expect(can).toMatchObject({ cancel: false, refund: false });
  expect(disputes).toMatchObject([{ amount: { amount: paid }, withdrawn: { amount: paid } }]);
  const atStripe = stripeDashboard().refunds.create({ payment_intent: await paymentIntentOf(orderId) });
  await expect(atStripe).rejects.toMatchObject({ code: "charge_disputed" });
});

test("a refund promised before the dispute is refused by Stripe, and its amount is free", async () => {
  const { orderId } = await confirmedOrder([await shelve("Mug", 1)]);
  const refundId = await refund(orderId, 100);
  await control("/disputes", { payment_intent: await paymentIntentOf(orderId) });

  expect(await sendRefund({ refundId, now })).toMatchObject({ state: "failed" });

  expect(await readOrder(orderId)).toMatchObject({
    refundedAmount: 0,
    refunds: [{ state: "failed", failureReason: expect.stringContaining("charged back") }],
  });
});

test("won: the money is back and can be refunded; lost: it is gone for good", async () => {
  const [won, lost] = [await disputedOrder(), await disputedOrder()];
  await evidence(won.disputeId, "winning_evidence");
  await evidence(lost.disputeId, "losing_evidence");

  await hearAbout(won.disputeId, "charge.dispute.closed");
  await hearAbout(lost.disputeId, "charge.dispute.closed");

  expect((await readOrder(won.orderId)).disputes).toMatchObject([
    { status: "won", amountWithdrawn: 0, blocksRefunds: false, closedAt: expect.any(Date) },
  ]);
  expect((await readOrder(lost.orderId)).disputes).toMatchObject([
    { status: "lost", amountWithdrawn: paid, blocksRefunds: true, closedAt: expect.any(Date) },
  ]);
  for (const { orderId } of [won, lost]) expect(await kinds(orderId)).toEqual(["dispute", "dispute-closed"]);
  expect(await sendRefund({ refundId: await refund(won.orderId, 100), now })).toMatchObject({ state: "succeeded" });
  await expect(refund(lost.orderId, 100)).rejects.toThrow(RefundRefusedError);
});

test("whatever the order of the messages, and at once, each thing is noted and told once", async () => {
  const { orderId } = await confirmedOrder([await shelve("Mug", 1)], 1, cards.disputed);
  const { id } = await disputeOf(orderId);
  await evidence(id, "losing_evidence");
  const types = ["closed", "updated", "created", "funds_withdrawn"].map((name) => `charge.dispute.${name}`);
  const hear = async (type: string): Promise<void> => {
    try {
      await hearAbout(id, type);
    } catch (error) {
      if (!(error instanceof TemporaryError)) throw error;
      await hear(type);
    }
  };

  await Promise.all(types.map(hear));

  expect((await readOrder(orderId)).disputes).toMatchObject([{ status: "lost", amountWithdrawn: paid }]);
  expect((await kinds(orderId)).sort()).toEqual(["dispute", "dispute-closed"]);
  expect((await asked(orderId)).filter((key) => key.includes("dispute"))).toHaveLength(2);
});

test("an inquiry blocks nothing, until it becomes a dispute", async () => {
  const { orderId } = await confirmedOrder([await shelve("Mug", 1)]);
  await control("/disputes", { payment_intent: await paymentIntentOf(orderId), isInquiry: true });
  const { id } = await disputeOf(orderId);
  await hearAbout(id, "charge.dispute.created");
  expect((await readOrder(orderId)).disputes).toMatchObject([{ amountWithdrawn: 0, blocksRefunds: false }]);
  expect(await sendRefund({ refundId: await refund(orderId, 100), now })).toMatchObject({ state: "succeeded" });

  await evidence(id, "escalate_inquiry_evidence");
  await hearAbout(id, "charge.dispute.updated");

  await expect(refund(orderId, 100)).rejects.toThrow(RefundRefusedError);
  expect(await kinds(orderId)).toEqual(["dispute", "dispute"]);
});

test("goods that come back during a dispute are taken, and nothing is refunded for them", async () => {
  const { orderId } = await shippedOrder([await shelve("Mug", 1)]);
  const [line] = (await readOrder(orderId)).lines;
  const orderLineId = line?.id as OrderLineId;
  const lines = [{ orderLineId, quantity: 1 }];
  const returnId = await requestReturn({ actor: grace, orderId, lines, reason: "Broken.", now });
  await control("/disputes", { payment_intent: await paymentIntentOf(orderId) });
  await hearAbout((await disputeOf(orderId)).id, "charge.dispute.created");

  const received = await receiveReturn({
    actor: grace,
    returnId,
    lines: [{ orderLineId, received: 1, restocked: 1 }],
    now,
  });

  expect(received).toEqual({ refundId: null });
  expect(await readOrder(orderId)).toMatchObject({ refunds: [], returns: [{ state: "received", refundId: null }] });
});

test("disputes of payments that are not ours are none of our business", async () => {
  const params = { amount: 900, currency: "eur", payment_method: "pm_card_createDispute", confirm: true };
  const foreign = await stripeDashboard().paymentIntents.create({ ...params, return_url: "http://localhost:3000" });
  const { data } = await stripeDashboard().disputes.list({ payment_intent: foreign.id });

  expect(await hearAbout(data[0]?.id ?? "", "charge.dispute.created")).toMatchObject({ processed: false });
});
