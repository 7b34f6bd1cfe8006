import { newId, type OrderId, type OrderLineId, type ReturnId, type ReviewId } from "@/lib/ids";
import { cardScenarios } from "./card-scenarios";
import { cards, openPage, type Play, paid, payPage, place, typeCard } from "./deeds";
import { lookAtOrder } from "./picture";
import type { Store } from "./store";

const minuteMs = 60_000;

/** Stripe does what it was asked, and answers that it failed. */
const failing = { method: "POST", kind: "error_after", times: 1 };

/** The whole life of an order, in all the ways it can go. Each begins with an empty store. */
export const scenarios = {
  delivered: async (store) => {
    const { orderId } = await paid(store);
    await press(store, "ship", orderId, "shipped");
    await store.drain();
    await press(store, "deliver", orderId, "delivered");
    await store.drain();
  },

  "not paid in time": async (store) => {
    const placed = await place(store);
    await openPage(store, placed);
    await store.sweepAfter(45 * minuteMs);
  },

  "page closed by Stripe": async (store) => {
    await openPage(store, await place(store));
    await store.pass(32 * minuteMs);
    await store.drain();
  },

  "charge refused": async (store) => {
    const placed = await place(store);
    await payPage(store, placed);
    // The bank takes its word back before the charge.
    const { data } = await store.stripe.paymentIntents.list({ limit: 1 });
    await store.stripe.paymentIntents.cancel(data[0]?.id ?? "");
    await store.drain();
  },

  "paid when it was sold out": async (store) => {
    const { variantId, ...placed } = await place(store, { onHand: 1 });
    const url = await openPage(store, placed);
    await typeCard(url);
    // The store took Stripe's page for closed, and sold the last piece to somebody else.
    await store.sql.query(`update "order" set status = 'expired' where id = $1`, [placed.orderId]);
    await store.sql.query("update payment set state = 'failed' where order_id = $1", [placed.orderId]);
    await store.sql.query("delete from reservation where order_id = $1", [placed.orderId]);
    await store.sql.query(
      `insert into stock_movement (id, variant_id, kind, quantity, order_id) values ($1, $2, 'released', 1, $3)`,
      [newId("movement"), variantId, placed.orderId],
    );
    await store.sql.query("update stock_item set reserved = 0, on_hand = 0 where variant_id = $1", [variantId]);
    await store.sql.query(
      `insert into stock_movement (id, variant_id, kind, quantity) values ($1, $2, 'adjusted', -1)`,
      [newId("movement"), variantId],
    );
    await store.drain();
  },

  "cancelled before it was paid": async (store) => {
    const placed = await place(store);
    await openPage(store, placed);
    await press(store, "cancel", placed.orderId, "cancelled");
    await store.drain();
  },

  "cancelled before the charge": async (store) => {
    const placed = await place(store);
    await payPage(store, placed);
    await press(store, "cancel", placed.orderId, "cancelled");
    await store.drain();
  },

  "cancelled when it was packed": async (store) => {
    const { orderId } = await paid(store);
    await press(store, "cancel", orderId, "cancelled");
    await store.drain();
  },

  "refunded in parts, then in full": async (store) => {
    const { orderId } = await paid(store);
    await refund(store, "refundAmount", { orderId, amount: 500 });
    await store.drain();
    await refund(store, "refundAll", { orderId });
    await store.drain();
  },

  "a refund that pends": async (store) => {
    const { orderId } = await paid(store, { card: cards.refundsPend });
    await refund(store, "refundAll", { orderId });
    await store.drain();
    await store.pass(minuteMs);
    await store.drain();
  },

  "a refund that fails": async (store) => {
    const { orderId } = await paid(store, { card: cards.refundsFail });
    await refund(store, "refundAll", { orderId });
    await store.drain();
    await store.pass(minuteMs);
    await store.drain();
  },

  "sent back": async (store) => {
    const { orderId } = await paid(store, { quantity: 2 });
    await press(store, "ship", orderId, "shipped");
    const { rows } = await store.sql.query<{ id: OrderLineId }>("select id from order_line where order_id = $1", [
      orderId,
    ]);
    const lines = rows.map(({ id: orderLineId }) => ({ orderLineId, quantity: 1 }));
    const returnId = await announce(store, orderId, lines, 1);
    await settleReturn(store, "receiveReturn", returnId, lines);
    await store.drain();
    await settleReturn(store, "rejectReturn", await announce(store, orderId, lines, 2), lines);
    await store.drain();
  },

  disputed: async (store, world) => {
    await paid(store);
    const { data } = await store.stripe.paymentIntents.list({ limit: 1 });
    await world.control("stripe", "/disputes", { payment_intent: data[0]?.id });
    await store.drain();
    const disputes = await store.stripe.disputes.list({ limit: 1 });
    await store.stripe.disputes.close(disputes.data[0]?.id ?? "");
    await store.drain();
  },

  "charged, and answered with an error": async (store, world) => {
    const placed = await place(store);
    await payPage(store, placed);
    await world.control("stripe", "/faults", { ...failing, path: "/v1/payment_intents/*/capture" });
    await store.drain();
  },

  "charged at Stripe's dashboard": async (store) => {
    await payPage(store, await place(store));
    const { data } = await store.stripe.paymentIntents.list({ limit: 1 });
    await store.stripe.paymentIntents.capture(data[0]?.id ?? "");
    await store.drain();
  },

  "refunded, and answered with an error": async (store, world) => {
    const { orderId } = await paid(store);
    await world.control("stripe", "/faults", { ...failing, path: "/v1/refunds" });
    await refund(store, "refundAll", { orderId });
    await store.drain();
  },

  "looked at and approved": async (store) => {
    const { orderId } = await paid(store, { priceAmount: 150_000 });
    await decide(store, "approve", orderId);
    await store.drain();
  },

  "looked at, refused, approved after all": async (store) => {
    const { orderId } = await paid(store, { priceAmount: 150_000 });
    await decide(store, "refuse", orderId);
    await store.drain();
    await decide(store, "approve", orderId);
    await store.drain();
  },

  ...cardScenarios,
} satisfies Record<string, Play>;

export type ScenarioName = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as ScenarioName[];

function press(store: Store, name: "ship" | "deliver" | "cancel", orderId: OrderId, status: string): Promise<void> {
  return store.press(name, { orderId }, async () => (await lookAtOrder(store, orderId)).status === status);
}

async function refund(
  store: Store,
  name: "refundAmount" | "refundAll",
  asked: { orderId: OrderId; amount: number } | { orderId: OrderId },
): Promise<void> {
  const { refunds } = await lookAtOrder(store, asked.orderId);
  await store.press(name, asked as never, async () => (await lookAtOrder(store, asked.orderId)).refunds > refunds);
}

function announce(
  store: Store,
  orderId: OrderId,
  lines: { orderLineId: OrderLineId; quantity: number }[],
  count: number,
): Promise<ReturnId> {
  return store.act("requestReturn", { orderId, lines }, async () => {
    const { rows } = await store.sql.query<{ id: ReturnId }>(
      `select id from "return" order by created_at desc, id desc`,
    );
    return rows.length === count ? rows[0]?.id : undefined;
  });
}

function settleReturn(
  store: Store,
  name: "receiveReturn" | "rejectReturn",
  returnId: ReturnId,
  lines: { orderLineId: OrderLineId; quantity: number }[],
): Promise<void> {
  return store.press(name, { returnId, lines }, async () => {
    const { rowCount } = await store.sql.query(`select from "return" where id = $1 and state <> 'requested'`, [
      returnId,
    ]);
    return rowCount === 1;
  });
}

async function decide(store: Store, name: "approve" | "refuse", orderId: OrderId): Promise<void> {
  const { rows } = await store.sql.query<{ id: ReviewId }>("select id from order_review where order_id = $1", [
    orderId,
  ]);
  const reviewId = rows[0]?.id;
  if (!reviewId) throw new Error("Nobody has to look at the order");
  const state = name === "approve" ? "approved" : "refused";
  await store.press(name, { orderId, reviewId }, async () => {
    const { rowCount } = await store.sql.query("select from order_review where id = $1 and state = $2", [
      reviewId,
      state,
    ]);
    return rowCount === 1;
  });
}
