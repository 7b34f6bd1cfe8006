import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { audit } from "@/audit/audit";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { newId, type OrderId, type VariantId } from "@/lib/ids";
import { expireHolds } from "@/lib/orders/expire-holds";
import { processOrder } from "@/lib/orders/process-order";
import { startPayment } from "@/lib/orders/start-payment";
import { reconcileStripe } from "@/lib/reconcile/reconcile-stripe";
import {
  authorizedOrder,
  cards,
  confirmedOrder,
  control,
  crashOnceAt,
  order,
  passAtStripe,
  pay,
  paymentIntentOf,
  readOrder,
  shelve,
  shippedOrder,
  stripeDashboard,
  typeCard,
} from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";
import { runBackground } from "./background";

let world: World<"stripe" | "carrier" | "s3" | "resend">;
let mug: VariantId;

/** As many more as a proof by hand asks for. */
const paidCount = Number(process.env.LOST_WEBHOOKS_ORDERS ?? 3);
const fourDays = 4 * 24 * 60 * 60_000;
const inFourDays = () => new Date(Date.now() + fourDays);

beforeAll(async () => {
  world = await startWorld({ stripe: true, carrier: true, s3: true, resend: true });
  mug = await shelve("Mug", 1000);
});

afterEach(() => setCrashTrap(undefined));

afterAll(() => world.close());

/** Everything that the store's schedules do, once. */
async function oneCycle(now: Date) {
  const reconciled = await reconcileStripe({ now });
  await runBackground(now);
  await expireHolds({ now });
  await runBackground(now);
  return reconciled;
}

async function violations(now: Date): Promise<string[]> {
  const { invariants } = await audit({
    databaseUrl: process.env.DATABASE_URL ?? "",
    stripe: { key: process.env.STRIPE_SECRET_KEY ?? "", url: world.stripe.url },
    now,
  });
  return invariants.flatMap(({ examples }) => examples);
}

async function times<Value>(count: number, make: () => Promise<Value>): Promise<Value[]> {
  const made: Value[] = [];
  for (let index = 0; index < count; index++) made.push(await make());
  return made;
}

const statusOf = async (orders: { orderId: OrderId }[]) =>
  (await Promise.all(orders.map(({ orderId }) => readOrder(orderId)))).map(({ status }) => status);

const subscriptionOf = async () => {
  const id = newId("subscription");
  await db().subscription.create({ data: { id, stripeSubscriptionId: `sub_${id}`, email: "ada@example.com" } });
  const object = { id: `sub_${id}`, object: "subscription", status: "canceled", canceled_at: 1_795_000_000 };
  await control("/plant", { object });
  await control("/events", { type: "customer.subscription.deleted", object });
  return id;
};

test("after four days without a webhook one cycle repairs everything", async () => {
  const dashboard = stripeDashboard();
  // Before: what the store heard of.
  const refunded = await times(2, () => shippedOrder([mug]));
  const partly = await times(2, () => shippedOrder([mug], 2));
  const failing = await confirmedOrder([mug], 1, cards.refundsFail);
  const disputed = await times(2, () => confirmedOrder([mug], 1, cards.disputed));
  const halfway = await authorizedOrder([mug]);
  crashOnceAt("process-order.captured");
  await processOrder({ orderId: halfway.orderId, now: new Date() }).catch(() => {});
  await runBackground(new Date());

  // What Stripe told nobody of.
  const paid = await times(paidCount, async () => {
    const placed = await order([mug], { quantity: 2 });
    await pay(placed);
    return placed;
  });
  const abandoned = await times(2, async () => {
    const placed = await order([mug]);
    await startPayment({ ...placed, now: new Date() });
    return placed;
  });
  const withoutPage = await order([mug]);
  const declined = await order([mug]);
  expect(await pay(declined, cards.declined)).toBe(402);
  const charged = await order([mug]);
  await pay(charged);
  const givenBack = await order([mug]);
  await pay(givenBack);
  const intents = (await dashboard.paymentIntents.list({ limit: 2 })).data;
  await dashboard.paymentIntents.cancel(intents[0]?.id ?? "");
  await dashboard.paymentIntents.capture(intents[1]?.id ?? "");
  for (const { orderId } of refunded)
    await dashboard.refunds.create({ payment_intent: await paymentIntentOf(orderId) });
  for (const { orderId } of partly)
    await dashboard.refunds.create({ payment_intent: await paymentIntentOf(orderId), amount: 700 });
  await dashboard.refunds.create({ payment_intent: await paymentIntentOf(failing.orderId) });
  const won = (
    await dashboard.disputes.list({ payment_intent: await paymentIntentOf(disputed[0]?.orderId as OrderId) })
  ).data[0];
  await dashboard.disputes.update(won?.id ?? "", { evidence: { uncategorized_text: "winning_evidence" } });
  const subscription = await subscriptionOf();

  await passAtStripe(fourDays);
  expect(await violations(inFourDays())).not.toEqual([]);
  const reconciled = await oneCycle(inFourDays());

  expect(await violations(inFourDays())).toEqual([]);
  expect(reconciled).toMatchObject({ finished: true, failed: 0 });
  expect(await statusOf(paid)).toEqual(Array(paidCount).fill("fulfilling"));
  expect(await statusOf([charged, halfway])).toEqual(["fulfilling", "fulfilling"]);
  expect(await statusOf([...abandoned, withoutPage, declined])).toEqual(Array(4).fill("expired"));
  expect(await statusOf([givenBack])).toEqual(["cancelled"]);
  for (const { orderId } of refunded) expect((await readOrder(orderId)).refundStatus).toBe("full");
  for (const { orderId } of partly) expect((await readOrder(orderId)).refundStatus).toBe("partial");
  expect(await readOrder(failing.orderId)).toMatchObject({ refundStatus: "none", refunds: [] });
  expect((await readOrder(disputed[0]?.orderId as OrderId)).disputes).toMatchObject([{ status: "won" }]);
  expect((await readOrder(disputed[1]?.orderId as OrderId)).disputes).toMatchObject([{ closedAt: null }]);
  expect(await db().subscription.findUnique({ where: { id: subscription } })).toMatchObject({ status: "canceled" });
  expect(await db().finding.count()).toBe(0);
}, 600_000);

test("a payment that was held for eight days without anybody hearing of it has lapsed: its order ends, and the shopper is told", async () => {
  const placed = await order([mug], { now: inFourDays() });
  const start = await startPayment({ ...placed, now: inFourDays() });
  expect(await typeCard(start.kind === "pay" ? start.url : "")).toBe(303);

  await passAtStripe(2 * fourDays);
  const now = new Date(Date.now() + 3 * fourDays);
  await oneCycle(now);

  expect(await readOrder(placed.orderId)).toMatchObject({ status: "cancelled", paymentStatus: "failed" });
  const mails = await db().sentMail.findMany({ where: { orderId: placed.orderId } });
  expect(mails).toMatchObject([{ kind: "payment-failed", sentAt: expect.any(Date) }]);
  expect(await violations(now)).toEqual([]);
});
