import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { audit } from "@/audit/audit";
import { finishRemoval } from "@/lib/cards/finish-removal";
import { removeCard } from "@/lib/cards/remove-card";
import type { ShippingRateId } from "@/lib/ids";
import { sendOrderNotice } from "@/lib/notifications/send-order-notice";
import { type PlacedOrder, placeOrder } from "@/lib/orders/place-order";
import { processOrder } from "@/lib/orders/process-order";
import { attach, orderKeepingCard, orderWithCard, register } from "@/tests/integration/cards/cardholder";
import { addZone, sentTo } from "@/tests/integration/orders/price-list";
import { fillCart, readOrder, shelve, stripeDashboard } from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";

let world: World<"stripe" | "resend">;
let client: pg.Client;

beforeAll(async () => {
  world = await startWorld({ stripe: true, resend: true });
  client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await world.close();
});

/** What is wrong by these invariants. */
async function violations(numbers = [1, 2, 3, 4, 5]) {
  const stripe = { key: process.env.STRIPE_SECRET_KEY ?? "", url: world.stripe.url };
  const { invariants } = await audit({ databaseUrl: process.env.DATABASE_URL ?? "", stripe });
  const looked = invariants.filter(({ number }) => numbers.includes(number));
  return {
    counted: invariants[1]?.counted,
    broken: Object.fromEntries(
      looked.filter(({ violations: count }) => count > 0).map(({ number, examples }) => [number, examples]),
    ),
  };
}

/** Neither packed nor told of: that is another test's. */
async function work({ orderId }: PlacedOrder) {
  await processOrder({ orderId, now: new Date() });
  return readOrder(orderId);
}

test("a store that charges saved cards is in order, and what is made up about them is found", async () => {
  const customer = await register("ada@example.com");
  const other = await register("grace@example.com");
  const mug = await shelve("Mug", 20);
  const good = await attach(customer, "pm_card_visa");
  const poor = await attach(customer, "pm_card_visa_chargeDeclinedInsufficientFunds");
  const wary = await attach(customer, "pm_card_authenticationRequired");
  await work(await orderKeepingCard(customer, mug, "5555555555554444"));
  const charged = await work(await orderWithCard(customer, good, [mug]));
  await work(await orderWithCard(customer, poor, [mug]));
  await work(await orderWithCard(customer, wary, [mug]));

  expect(await violations([1, 2, 3])).toEqual({
    counted: "1 completed checkout, 2 charges (1 of saved cards)",
    broken: {},
  });

  const [payment] = charged.payments;
  const id = payment?.id ?? "";
  const lie = async (table: "payment" | "order", row: string, changes: string, truth: string) => {
    await client.query(`update "${table}" set ${changes} where id = $1`, [row]);
    const { broken } = await violations([1, 2, 3]);
    await client.query(`update "${table}" set ${truth} where id = $1`, [row]);
    return broken;
  };
  const isCard = `kind = 'saved_card', saved_card_id = '${good}'`;
  expect(await lie("payment", id, "kind = 'page', saved_card_id = null", isCard)).toEqual({
    2: [`Payment ${id} of order ${charged.id} is said to be made on a page, and has none.`],
  });
  expect(await lie("order", charged.id, `user_id = '${other.userId}'`, `user_id = '${customer.userId}'`)).toEqual({
    2: [`Payment ${id} of order ${charged.id} was made with ${good}, which its shopper does not keep.`],
  });
  expect(await lie("payment", id, `saved_card_id = '${poor}'`, isCard)).toEqual({
    2: [
      expect.stringMatching(
        `^${payment?.paymentIntentId} is paid by cus_\\w+ with pm_\\w+ at Stripe, and payment ${id}`,
      ),
    ],
  });
});

test("an order that waits for its saved card, a card that Stripe keeps on, and a mail that is missing are found", async () => {
  const customer = await register("edsger@example.com");
  const card = await attach(customer, "pm_card_visa");
  const mug = await shelve("Mug", 2);
  const { orderId } = await orderWithCard(customer, card, [mug]);

  expect((await violations([4])).broken[4]).toContain(`Order ${orderId} is still pending and unpaid.`);

  await removeCard({ actor: customer, cardId: card });
  await processOrder({ orderId, now: new Date() });
  const { broken } = await violations([4, 5]);
  expect(broken[4]).toContain(`Card ${card} was removed by its holder, and Stripe still keeps it.`);
  expect(broken[5]).toContain(`The shopper of order ${orderId} was not told payment-needed.`);
  const subject = (await readOrder(orderId)).payments[0]?.id;
  await sendOrderNotice({ orderId, notice: "payment-needed", subject, now: new Date() });
  await finishRemoval({ cardId: card });

  const mended = await violations([4, 5]);
  expect(mended.broken[4]?.filter((text) => text.includes(card))).toEqual([]);
  expect(mended.broken[5]?.filter((text) => text.includes(orderId))).toEqual([]);
});

test("money that is held for a saved card whose payment is over is found, once the store had its time to give it back", async () => {
  const customer = await register("barbara@example.com");
  const card = await attach(customer, "pm_card_visa");
  const { orderId } = await orderWithCard(customer, card, [await shelve("Mug", 2)]);
  await removeCard({ actor: customer, cardId: card });
  await processOrder({ orderId, now: new Date() });
  const [payment] = (await readOrder(orderId)).payments;
  const fresh = await stripeDashboard().paymentMethods.attach("pm_card_visa", {
    customer: await stripeCustomerOf(customer.userId),
  });
  const stray = await stripeDashboard().paymentIntents.create({
    amount: payment?.amount ?? 0,
    currency: "eur",
    customer: await stripeCustomerOf(customer.userId),
    payment_method: fresh.id,
    allowed_payment_method_types: ["card"],
    capture_method: "manual",
    confirm: true,
    off_session: true,
    metadata: { orderId, paymentId: payment?.id ?? "" },
  });

  expect((await violations([3])).broken[3]).toBeUndefined();
  await client.query("update payment set updated_at = updated_at - interval '11 minutes' where id = $1", [payment?.id]);
  expect((await violations([3])).broken[3]).toEqual([
    `${stray.id} still holds 24.89 EUR at Stripe, and payment ${payment?.id} of order ${orderId} is failed here.`,
  ]);

  await processOrder({ orderId, now: new Date() });
  expect((await violations([3])).broken[3]).toBeUndefined();
});

test("a refused card's payment may be of an earlier price, once another took its place; money it holds is found", async () => {
  const [standard, express] = (await addZone(
    ["DE"],
    [
      { name: "Standard", amount: 500 },
      { name: "Express", amount: 2490 },
    ],
  )) as [ShippingRateId, ShippingRateId];
  const customer = await register("alan@example.com");
  const savedCardId = await attach(customer, "pm_card_authenticationRequired");
  const cartId = await fillCart([await shelve("Mug", 2)]);
  const place = (rateId: ShippingRateId, total: number) =>
    placeOrder({
      cartId,
      customer,
      input: { ...sentTo("DE", { rateId, total }), savedCardId },
      now: new Date(),
    });
  await work(await place(standard, 2499));
  const { orderId } = await place(express, 4489);

  const { totalAmount, payments } = await readOrder(orderId);
  const states = payments.map(({ state, amount, paymentIntentId }) => [state, amount, paymentIntentId !== null]);
  expect([totalAmount, states]).toEqual([
    4489,
    [
      ["failed", 2499, true],
      ["failed", 2499, false],
      ["created", 4489, false],
    ],
  ]);
  expect((await violations([1, 2, 3])).broken).toEqual({});

  const [refused, , live] = payments;
  await client.query("update payment set amount = 1 where id = $1", [live?.id]);
  expect((await violations([3])).broken[3]).toEqual([
    `Payment ${live?.id} is of 0.01 EUR, and order ${orderId} costs 44.89 EUR.`,
  ]);
  await client.query("update payment set amount = 4489 where id = $1", [live?.id]);

  const stripe = stripeDashboard();
  const held = await stripe.paymentIntents.create({
    amount: 2499,
    currency: "eur",
    payment_method: "pm_card_visa",
    allowed_payment_method_types: ["card"],
    capture_method: "manual",
    confirm: true,
    metadata: { orderId, paymentId: refused?.id ?? "" },
  });
  const intent = refused?.paymentIntentId;
  await client.query("update payment set payment_intent_id = $1 where id = $2", [held.id, refused?.id]);
  expect((await violations([3])).broken[3]).toEqual([
    `${held.id} still holds 24.99 EUR at Stripe, and payment ${refused?.id} of order ${orderId} is failed here.`,
  ]);
  await stripe.paymentIntents.cancel(held.id);
  await client.query("update payment set payment_intent_id = $1 where id = $2", [intent, refused?.id]);
});

async function stripeCustomerOf(userId: string): Promise<string> {
  const { rows } = await client.query("select stripe_customer_id from stripe_customer where user_id = $1", [userId]);
  return rows[0].stripe_customer_id;
}
