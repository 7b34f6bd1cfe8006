import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { removeCard } from "@/lib/cards/remove-card";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { TemporaryError } from "@/lib/errors";
import type { OrderId, SavedCardId } from "@/lib/ids";
import { cancelOrder } from "@/lib/orders/cancel-order";
import { expireHolds } from "@/lib/orders/expire-holds";
import { expireOrder } from "@/lib/orders/expire-order";
import { getOrderForShopper } from "@/lib/orders/get-order-for-shopper";
import { type PlacedOrder, placeOrder } from "@/lib/orders/place-order";
import { processOrder } from "@/lib/orders/process-order";
import { resumeOrders } from "@/lib/orders/resume-orders";
import { startPayment } from "@/lib/orders/start-payment";
import { attach, cardsOf, orderWithCard, paymentsAtStripe, register } from "@/tests/integration/cards/cardholder";
import { expectBalancedBooks } from "@/tests/integration/inventory/balanced-books";
import { startWorld, type World } from "@/tests/support/world";
import {
  ada,
  allRunsAreOver,
  asked,
  atStripe,
  crashOnceAt,
  fillCart,
  grace,
  hearFromStripe,
  inMinutes,
  markSent,
  pay,
  readOrder,
  readStock,
  shelve,
  stripeDashboard,
  stripeFault,
  typeCard,
} from "./shop";

let world: World<"stripe">;
let shoppers = 0;

beforeAll(async () => {
  world = await startWorld({ stripe: true });
});

afterEach(async () => {
  setCrashTrap(undefined);
  await fetch(`${world.stripe.url}/_local/faults`, { method: "DELETE" });
  await expectBalancedBooks();
});

afterAll(() => world.close());

const charge = { method: "POST", path: "/v1/payment_intents" };
const work = ({ orderId }: PlacedOrder, now = new Date()) => processOrder({ orderId, now });

/** A shopper who keeps this card, and an order of one mug that is to be paid with it. */
async function placed(token = "pm_card_visa", onHand = 1) {
  shoppers += 1;
  const customer = await register(`shopper-${shoppers}@example.com`);
  const card = await attach(customer, token);
  const mug = await shelve("Mug", onHand);
  const order = await orderWithCard(customer, card, [mug]);
  return { customer, card, mug, order };
}

async function expectCharged({ customer, mug, order }: Awaited<ReturnType<typeof placed>>) {
  expect(await readOrder(order.orderId)).toMatchObject({
    status: "confirmed",
    paymentStatus: "paid",
    reservations: [],
  });
  expect(await atStripe(order.orderId)).toEqual({ statuses: ["succeeded"], captures: 1 });
  expect((await paymentsAtStripe(customer)).filter((status) => status !== "canceled")).toEqual(["succeeded"]);
  expect(await readStock(mug)).toEqual({ onHand: 0, reserved: 0 });
}

describe("placing", () => {
  test("the order, its hold, its payment and its run are one transaction, and there is no page to pay on", async () => {
    const { customer, card, mug, order } = await placed();

    const { payments, reservations, userId } = await readOrder(order.orderId);
    expect(payments).toMatchObject([{ kind: "saved_card", savedCardId: card, state: "created", sessionId: null }]);
    expect(userId).toBe(customer.userId);
    expect(reservations).toMatchObject([{ quantity: 1, expiresAt: expect.any(Date) }]);
    expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 1 });
    expect(await asked(order.orderId)).toEqual([`process:${payments[0]?.id}`]);
    expect(await startPayment({ ...order, now: new Date() })).toEqual({ kind: "closed" });
    expect(await getOrderForShopper(order.orderId, order.accessToken)).toMatchObject({ canPay: false });
  });

  test("a hundred identical submits at once are one order with one payment", async () => {
    const { customer, card } = await placed();
    const mug = await shelve("Mug", 200);
    const cartId = await fillCart([mug]);
    const submit = () => placeOrder({ cartId, customer, input: { ...ada, savedCardId: card }, now: new Date() });

    const orders = await Promise.all(Array.from({ length: 100 }, submit));
    const [first] = orders;
    await Promise.all([work(first as PlacedOrder), work(first as PlacedOrder), submit()]);

    expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(1);
    expect(await atStripe(first?.orderId as OrderId)).toEqual({ statuses: ["succeeded"], captures: 1 });
    expect((await readOrder(first?.orderId as OrderId)).payments).toHaveLength(1);
    expect(await readStock(mug)).toEqual({ onHand: 199, reserved: 0 });
  });

  test("two tabs with the same card and their own carts are two orders, each charged once", async () => {
    const { customer, card } = await placed();
    const mug = await shelve("Mug", 2);

    const orders = await Promise.all([orderWithCard(customer, card, [mug]), orderWithCard(customer, card, [mug])]);
    await Promise.all(orders.flatMap((order) => [work(order), work(order)]));

    for (const { orderId } of orders) expect(await atStripe(orderId)).toEqual({ statuses: ["succeeded"], captures: 1 });
    expect(await readStock(mug)).toEqual({ onHand: 0, reserved: 0 });
  });

  test("a shopper who goes back from Stripe's page and takes the kept card is charged on it; the page is closed", async () => {
    const { customer, card } = await placed();
    const cartId = await fillCart([await shelve("Mug", 1)]);
    const place = (input: { savedCardId?: SavedCardId; keepCard?: boolean }) =>
      placeOrder({ cartId, customer, input: { ...ada, ...input }, now: new Date() });
    const order = await place({});
    const page = await startPayment({ ...order, now: new Date() });

    await place({ savedCardId: card });
    await place({ savedCardId: card });
    await place({});

    expect(page.kind === "pay" && (await typeCard(page.url))).toBe(410);
    expect((await readOrder(order.orderId)).payments).toMatchObject([
      { kind: "page", state: "failed" },
      { kind: "saved_card", state: "created" },
    ]);
    expect((await work(order)).success).toBe(true);
    expect(await atStripe(order.orderId)).toEqual({ statuses: ["succeeded"], captures: 1 });
  });

  test("who has paid on the page meanwhile is not charged again on the kept card", async () => {
    const { customer, card } = await placed();
    const cartId = await fillCart([await shelve("Mug", 1)]);
    const order = await placeOrder({ cartId, customer, input: ada, now: new Date() });
    await pay(order);

    await placeOrder({ cartId, customer, input: { ...ada, savedCardId: card }, now: new Date() });

    expect((await readOrder(order.orderId)).payments).toMatchObject([{ kind: "page", state: "authorized" }]);
    expect((await work(order)).success).toBe(true);
    expect(await atStripe(order.orderId)).toEqual({ statuses: ["succeeded"], captures: 1 });
  });

  test("wanting the card kept after all makes a new page, which keeps it", async () => {
    const { customer } = await placed();
    const cartId = await fillCart([await shelve("Mug", 1)]);
    const place = (keepCard: boolean) => placeOrder({ cartId, customer, input: { ...ada, keepCard }, now: new Date() });
    const order = await place(false);
    await startPayment({ ...order, now: new Date() });

    await place(true);
    await pay(order, "5555555555554444");
    await hearFromStripe(order.orderId);

    expect((await cardsOf(customer)).map(({ name }) => name)).toContain("Mastercard ending 4444");
  });
});

describe("charging", () => {
  test("a kept card is charged without its holder: once, with the order's id, and the capture is a step of its own", async () => {
    const shop = await placed();

    const processed = await work(shop.order);

    expect(processed.success).toBe(true);
    await expectCharged(shop);
    const { payments, events } = await readOrder(shop.order.orderId);
    const intent = await stripeDashboard().paymentIntents.retrieve(payments[0]?.paymentIntentId ?? "");
    expect(intent).toMatchObject({
      capture_method: "manual",
      amount_received: 1999 + 490,
      metadata: { orderId: shop.order.orderId, paymentId: payments[0]?.id },
    });
    expect(events.map(({ kind }) => kind)).toEqual(["place", "authorize", "confirm"]);
    expect((await asked(shop.order.orderId)).slice(1)).toEqual(["notify:confirmation", "fulfil"]);
  });

  test("a card that asked for 3D Secure when it was kept is charged without its holder", async () => {
    const customer = await register("set-up@example.com");
    const first = await orderKeepingCardWithChallenge(customer);
    const [card] = await cardsOf(customer);
    const mug = await shelve("Mug", 1);

    const order = await orderWithCard(customer, card?.id as SavedCardId, [mug]);

    expect(first.payments).toMatchObject([{ state: "authorized" }]);
    expect((await work(order)).success).toBe(true);
  });

  test("five runs at once charge once", async () => {
    const shop = await placed();

    await Promise.allSettled([1, 2, 3, 4, 5].map(() => work(shop.order)));
    await work(shop.order);

    await expectCharged(shop);
  });

  test.each([
    "process-order.reserved",
    "process-order.bank-answered",
    "process-order.authorized",
    "process-order.captured",
  ])("a run that dies at %s is finished by the next one, with one charge", async (place) => {
    const shop = await placed();
    crashOnceAt(place);

    await expect(work(shop.order)).rejects.toThrow("crashed");
    const resumed = await work(shop.order);

    expect(resumed.success).toBe(true);
    await expectCharged(shop);
  });

  test.each([
    ["a connection lost after the bank said yes", { kind: "drop_after" }],
    ["a connection lost each time after the bank said yes", { kind: "drop_after", times: 3 }],
    ["a connection lost before", { kind: "drop_before" }],
    ["a 500 after the bank said yes, which Stripe repeats", { kind: "error_after", times: 3 }],
    ["a 500 before", { kind: "error_before", times: 3 }],
    ["a key in use", { kind: "conflict", times: 3 }],
    ["a rate limit", { kind: "rate_limit", times: 3 }],
  ])("%s: one charge, and nothing undone", async (_, fault) => {
    const shop = await placed();
    await stripeFault({ ...charge, ...fault });

    const first = await work(shop.order).catch((error: unknown) => error);
    if (first instanceof Error) {
      expect(first).toBeInstanceOf(TemporaryError);
      expect(await readOrder(shop.order.orderId)).toMatchObject({ status: "pending", reservations: [{ quantity: 1 }] });
      await fetch(`${world.stripe.url}/_local/faults`, { method: "DELETE" });
      await work(shop.order);
    }

    await expectCharged(shop);
  });

  test("an order whose run gave up is asked for again", async () => {
    const shop = await placed();

    await markSent();
    expect(await resumeOrders({ isRunOver: allRunsAreOver, now: inMinutes(11) })).toBeGreaterThan(0);

    expect(await asked(shop.order.orderId)).toContainEqual(expect.stringMatching(/^process:\d{4}-/));
    await work(shop.order);
    await expectCharged(shop);
  });
});

async function orderKeepingCardWithChallenge(customer: Awaited<ReturnType<typeof register>>) {
  const mug = await shelve("Mug", 1);
  const cartId = await fillCart([mug]);
  const order = await placeOrder({ cartId, customer, input: { ...ada, keepCard: true }, now: new Date() });
  const start = await startPayment({ ...order, now: new Date() });
  if (start.kind !== "pay") throw new Error("There is nothing to pay");
  await typeCard(start.url, "4000002500003155");
  const { data } = await stripeDashboard().paymentIntents.list({ limit: 1 });
  const challenge = data[0]?.next_action?.redirect_to_url?.url ?? "";
  await fetch(challenge, { method: "POST", body: new URLSearchParams({ answer: "complete" }), redirect: "manual" });
  await hearFromStripe(order.orderId);
  return readOrder(order.orderId);
}

describe("a refusal", () => {
  test.each([
    ["insufficient funds", "pm_card_visa_chargeDeclinedInsufficientFunds"],
    ["a card that can be kept and not charged", "pm_card_chargeCustomerFail"],
    ["an error of the bank's", "pm_card_chargeDeclinedProcessingError"],
  ])("%s ends the order: no other try, its stock back, its shopper told", async (_, token) => {
    const { customer, mug, order } = await placed(token);

    const processed = await work(order);
    await work(order);

    expect(processed.success).toBe(false);
    const ended = await readOrder(order.orderId);
    expect(ended).toMatchObject({
      status: "cancelled",
      paymentStatus: "failed",
      cancelReason: expect.stringMatching(
        /^Your bank declined the payment with your Visa ending \d{4}\. You have not been/,
      ),
      payments: [{ state: "failed", failureReason: expect.any(String) }],
      reservations: [],
    });
    expect(ended.events.map(({ kind }) => kind)).toEqual(["place", "decline"]);
    expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
    expect(await paymentsAtStripe(customer)).toEqual(["canceled"]);
    expect((await asked(order.orderId)).slice(1)).toEqual(["notify:payment-failed"]);
  });

  test.each([
    ["the bank wants the shopper", "pm_card_authenticationRequired", /^Your bank wants you to confirm/],
    ["the card has expired", "pm_card_chargeDeclinedExpiredCard", /has expired\. You have not been charged\.$/],
  ])("%s: the order waits, its shopper is asked, and pays on Stripe's page", async (_, token, reason) => {
    const { customer, mug, order } = await placed(token);

    const processed = await work(order);
    await work(order);

    expect(processed.success).toBe(false);
    const waiting = await readOrder(order.orderId);
    expect(waiting).toMatchObject({
      status: "pending",
      paymentStatus: "unpaid",
      payments: [
        { kind: "saved_card", state: "failed", failureReason: expect.stringMatching(reason) },
        { kind: "page", state: "created", keepCard: false },
      ],
      reservations: [{ quantity: 1, expiresAt: expect.any(Date) }],
    });
    expect(waiting.events.map(({ kind }) => kind)).toEqual(["place", "askShopper"]);
    expect((await asked(order.orderId)).slice(1)).toEqual([`notify:payment-needed:${waiting.payments[0]?.id}`]);
    expect(await paymentsAtStripe(customer)).toEqual(["canceled"]);
    expect(await getOrderForShopper(order.orderId, order.accessToken)).toMatchObject({
      canPay: true,
      askedBecause: expect.stringMatching(reason),
    });

    await pay(order);
    await hearFromStripe(order.orderId);
    expect((await work(order)).success).toBe(true);
    expect(await readStock(mug)).toEqual({ onHand: 0, reserved: 0 });
    expect((await atStripe(order.orderId)).captures).toBe(1);
  });

  test("the same form sent again after that does not try the card again", async () => {
    const { customer, card } = await placed("pm_card_authenticationRequired");
    const cartId = await fillCart([await shelve("Mug", 1)]);
    const place = () => placeOrder({ cartId, customer, input: { ...ada, savedCardId: card }, now: new Date() });
    const order = await place();
    await work(order);

    await place();
    const start = await startPayment({ ...order, now: new Date() });

    expect((await readOrder(order.orderId)).payments).toHaveLength(2);
    expect(start.kind).toBe("pay");
  });

  test("a card that is removed between placing and charging is not charged; the shopper is asked", async () => {
    const { customer, card, order } = await placed();
    await removeCard({ actor: customer, cardId: card });

    expect((await work(order)).success).toBe(false);

    expect(await paymentsAtStripe(customer)).toEqual([]);
    expect((await readOrder(order.orderId)).payments).toMatchObject([
      { failureReason: expect.stringContaining("was removed from your account") },
      { kind: "page", state: "created" },
    ]);
  });

  test("a card that was removed at Stripe itself is taken for removed", async () => {
    const { customer, card, order } = await placed();
    const { paymentMethodId } = await db().savedCard.findUniqueOrThrow({ where: { id: card } });
    await stripeDashboard().paymentMethods.detach(paymentMethodId);

    expect((await work(order)).success).toBe(false);

    expect(await getOrderForShopper(order.orderId, order.accessToken)).toMatchObject({ canPay: true });
    expect((await paymentsAtStripe(customer)).filter((status) => status !== "canceled")).toEqual([]);
  });

  test.each(["process-order.bank-answered", "process-order.refusal-cancelled"])(
    "a run that dies at %s after a refusal is finished by the next one, and asks once",
    async (place) => {
      const { order } = await placed("pm_card_authenticationRequired");
      crashOnceAt(place);

      await expect(work(order)).rejects.toThrow("crashed");
      await work(order);

      expect((await readOrder(order.orderId)).payments.map(({ state }) => state)).toEqual(["failed", "created"]);
      expect((await asked(order.orderId)).filter((key) => key.startsWith("notify"))).toHaveLength(1);
    },
  );

  test("a 500 after the bank refused is looked up: the refusal counts, and the bank is not asked again", async () => {
    const { customer, order } = await placed("pm_card_visa_chargeDeclinedInsufficientFunds");
    await stripeFault({ ...charge, kind: "error_after", times: 3 });

    await expect(work(order)).rejects.toThrow(TemporaryError);
    await work(order);

    expect(await readOrder(order.orderId)).toMatchObject({ status: "cancelled", paymentStatus: "failed" });
    expect(await paymentsAtStripe(customer)).toEqual(["canceled"]);
  });
});

describe("the end of an order", () => {
  test("staff who cancel before the bank is asked: nothing is ever charged", async () => {
    const { customer, mug, order } = await placed();

    await cancelOrder({ actor: grace, orderId: order.orderId, now: new Date() });
    await work(order);

    expect(await readOrder(order.orderId)).toMatchObject({ status: "cancelled", paymentStatus: "unpaid" });
    expect(await paymentsAtStripe(customer)).toEqual([]);
    expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
  });

  test("staff who cancel after the bank said yes, which nobody had heard yet: it is given back", async () => {
    const { customer, mug, order } = await placed();
    crashOnceAt("process-order.bank-answered");
    await expect(work(order)).rejects.toThrow("crashed");

    await cancelOrder({ actor: grace, orderId: order.orderId, now: new Date() });
    await work(order);

    expect(await readOrder(order.orderId)).toMatchObject({ status: "cancelled", payments: [{ state: "voided" }] });
    expect(await paymentsAtStripe(customer)).toEqual(["canceled"]);
    expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
  });

  test("what nobody could charge in time ends, and its shopper is told", async () => {
    const { customer, mug, order } = await placed();

    expect((await expireHolds({ now: inMinutes(41) })).failed).toBe(0);
    await work(order);

    expect(await readOrder(order.orderId)).toMatchObject({
      status: "cancelled",
      paymentStatus: "failed",
      cancelReason: "Your card could not be charged in time. You have not been charged.",
    });
    expect(await asked(order.orderId)).toContain("notify:payment-failed");
    expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
    expect(await paymentsAtStripe(customer)).toEqual([]);
  });

  test("a payment that Stripe has not settled is waited for, and cancelled when the time is over", async () => {
    const { customer, mug, order } = await placed();
    const [payment] = (await readOrder(order.orderId)).payments;
    const { stripeCustomerId } = await db().stripeCustomer.findUniqueOrThrow({ where: { userId: customer.userId } });
    await stripeDashboard().paymentIntents.create({
      amount: payment?.amount ?? 0,
      currency: "eur",
      customer: stripeCustomerId ?? "",
      metadata: { paymentId: payment?.id ?? "" },
    });

    await expect(work(order)).rejects.toThrow(TemporaryError);
    expect(await readOrder(order.orderId)).toMatchObject({ status: "pending", paymentStatus: "unpaid" });
    expect(await expireOrder({ orderId: order.orderId, now: inMinutes(41) })).toBe("expired");

    expect(await paymentsAtStripe(customer)).toEqual(["canceled"]);
    expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
  });

  test("the bank's yes that nobody had heard is found when the time is over, and the order goes on", async () => {
    const shop = await placed();
    crashOnceAt("process-order.bank-answered");
    await expect(work(shop.order)).rejects.toThrow("crashed");

    expect(await expireOrder({ orderId: shop.order.orderId, now: inMinutes(41) })).toBe("paid");
    expect((await asked(shop.order.orderId)).slice(1)).toEqual(["process"]);
    await work(shop.order);

    await expectCharged(shop);
  });

  test("a yes that comes while the order ends is given back at once, or by a look five minutes later", async () => {
    for (const dies of [false, true]) {
      const { customer, mug, order } = await placed();
      let ended = false;
      setCrashTrap(async (name) => {
        if (name !== "process-order.bank-answered" || ended) return;
        ended = true;
        // The call to Stripe was under way when the sweep looked.
        const intents = await hideFromStripe(order.orderId);
        await expireOrder({ orderId: order.orderId, now: inMinutes(41) });
        await intents.show();
        if (dies) throw new Error("crashed");
      });

      const run = work(order);
      if (dies) await expect(run).rejects.toThrow("crashed");
      else expect((await run).success).toBe(false);
      setCrashTrap(undefined);

      const [payment] = (await readOrder(order.orderId)).payments;
      const again = await db().outboxMessage.findUniqueOrThrow({
        where: { key: `order:${order.orderId}:process:${payment?.id}:again` },
      });
      expect(again.availableAt.getTime()).toBeGreaterThan(inMinutes(45).getTime());
      await work(order);
      expect(await readOrder(order.orderId)).toMatchObject({ status: "cancelled", paymentStatus: "failed" });
      expect(await paymentsAtStripe(customer)).toEqual(["canceled"]);
      expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
    }
  });
});

/** Stripe as it was before the payment came to be: its id of ours is taken off it for a moment. */
async function hideFromStripe(orderId: OrderId) {
  const stripe = stripeDashboard();
  const { data } = await stripe.paymentIntents.list({ limit: 100 });
  const intent = data.find(({ metadata }) => metadata.orderId === orderId);
  if (!intent) throw new Error("Stripe has no payment of the order");
  await stripe.paymentIntents.update(intent.id, { metadata: { paymentId: "" } });
  return { show: () => stripe.paymentIntents.update(intent.id, { metadata: intent.metadata }) };
}
