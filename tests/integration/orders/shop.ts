import Stripe from "stripe";
import type { StaffActor } from "@/lib/accounts/actor";
import { addToCart } from "@/lib/cart/add-to-cart";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { fulfillOrder } from "@/lib/fulfilment/fulfill-order";
import { newId, type OrderId, type VariantId } from "@/lib/ids";
import { markShipped } from "@/lib/orders/mark-shipped";
import { type PlacedOrder, placeOrder } from "@/lib/orders/place-order";
import { processOrder } from "@/lib/orders/process-order";
import { startPayment } from "@/lib/orders/start-payment";
import { handleStripeEvent } from "@/lib/webhooks/handle-stripe-event";
import { receiveStripeEvent } from "@/lib/webhooks/receive-stripe-event";

export const ada = {
  email: "ada@example.com",
  shipTo: {
    name: "Ada Lovelace",
    line1: "12 St James's Square",
    city: "London",
    postalCode: "SW1Y 4JH",
    country: "GB",
  },
};

export const minutes = (count: number) => count * 60_000;
export const inMinutes = (count: number) => new Date(Date.now() + minutes(count));

/** A product on sale in one way only, with its stock received. `onHand: null` is not counted at all. */
export async function shelve(title: string, onHand: number | null, priceAmount = 1999): Promise<VariantId> {
  const productId = newId("product");
  const id = newId("variant");
  await db().product.create({
    data: {
      id: productId,
      handle: productId,
      title,
      variants: {
        create: {
          id,
          position: 1,
          title: "Default",
          optionValues: [],
          priceAmount,
          priceCurrency: "EUR",
          stock: { create: { tracked: onHand !== null, onHand: onHand ?? 0 } },
          ...(onHand ? { movements: { create: { id: newId("movement"), kind: "received", quantity: onHand } } } : {}),
        },
      },
    },
  });
  return id;
}

/** A cart with these variants, ordered by Ada. */
export async function order(
  variants: readonly VariantId[],
  { quantity = 1, now = new Date() } = {},
): Promise<PlacedOrder> {
  const cartId = await fillCart(variants, quantity);
  return placeOrder({ cartId, input: ada, now });
}

export async function fillCart(variants: readonly VariantId[], quantity = 1) {
  const cart: { cartId?: Awaited<ReturnType<typeof addToCart>>["cartId"] } = {};
  for (const variantId of variants) Object.assign(cart, await addToCart({ ...cart, variantId, quantity }));
  if (!cart.cartId) throw new Error("A cart needs at least one variant");
  return cart.cartId;
}

export const cards = {
  succeeds: "4242424242424242",
  declined: "4000000000000002",
  refundsPend: "4000000000007726",
  refundsFail: "4000000000005126",
  disputed: "4000000000000259",
};

/** Who works at the store. */
export const grace: StaffActor = {
  kind: "staff",
  userId: "user_grace",
  role: "staff",
  email: "grace@shopfloor.example",
};

/** Goes to Stripe's page and types the card; answers the page's status (303: authorised, 402: declined). */
export async function pay({ orderId, accessToken }: PlacedOrder, number = cards.succeeds): Promise<number> {
  const start = await startPayment({ orderId, accessToken, now: new Date() });
  if (start.kind !== "pay") throw new Error("There is nothing to pay");
  return typeCard(start.url, number);
}

export async function typeCard(url: string, number = cards.succeeds): Promise<number> {
  const form = { email: ada.email, number, expiry: "12 / 34", cvc: "123", name: "Ada Lovelace", country: "GB" };
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
  return answer.status;
}

/** Stripe's own client, as somebody at Stripe's dashboard would use it. */
export function stripeDashboard(): Stripe {
  const { hostname, port } = new URL(process.env.STRIPE_API_URL ?? "");
  return new Stripe(process.env.STRIPE_SECRET_KEY ?? "", { host: hostname, port, protocol: "http", telemetry: false });
}

/** The newest event of this type about this order, as Stripe sends it. */
export async function stripeEvent(type: string, orderId: OrderId): Promise<Stripe.Event> {
  const { data } = await stripeDashboard().events.list({ type, limit: 100 });
  const event = data.find(
    ({ data: { object } }) => "client_reference_id" in object && object.client_reference_id === orderId,
  );
  if (!event) throw new Error(`Stripe has no ${type} about ${orderId}`);
  return event;
}

/** Delivers Stripe's message that the page was completed, and handles it. */
export async function hearFromStripe(orderId: OrderId, type = "checkout.session.completed", now = new Date()) {
  return hear(await stripeEvent(type, orderId), now);
}

/** Delivers Stripe's newest message of this type about an object of Stripe's, and handles it. */
export async function hearAbout(objectId: string, type: string, now = new Date()) {
  const { data } = await stripeDashboard().events.list({ type, limit: 100 });
  const event = data.find(({ data: { object } }) => "id" in object && object.id === objectId);
  if (!event) throw new Error(`Stripe has no ${type} about ${objectId}`);
  return hear(event, now);
}

async function hear(event: Stripe.Event, now: Date) {
  const { type } = event;
  await receiveStripeEvent({
    id: event.id,
    type,
    objectId: (event.data.object as { id: string }).id,
    createdAt: new Date(event.created * 1000),
    payload: JSON.parse(JSON.stringify(event)),
  });
  return handleStripeEvent({ eventId: event.id, now });
}

/** An order whose card was authorised, and which is now to be processed. */
export async function authorizedOrder(
  variants: readonly VariantId[],
  quantity = 1,
  card = cards.succeeds,
): Promise<PlacedOrder> {
  const placed = await order(variants, { quantity });
  await pay(placed, card);
  await hearFromStripe(placed.orderId);
  return placed;
}

/** An order that was charged and confirmed, and whose parcel is not packed yet. */
export async function confirmedOrder(
  variants: readonly VariantId[],
  quantity = 1,
  card = cards.succeeds,
): Promise<PlacedOrder> {
  const placed = await authorizedOrder(variants, quantity, card);
  await processOrder({ orderId: placed.orderId, now: new Date() });
  return placed;
}

/** An order whose parcel has left. */
export async function shippedOrder(variants: readonly VariantId[], quantity = 1): Promise<PlacedOrder> {
  const placed = await confirmedOrder(variants, quantity);
  await fulfillOrder({ orderId: placed.orderId, now: new Date() });
  await markShipped({ actor: grace, orderId: placed.orderId, now: new Date() });
  return placed;
}

export function readOrder(orderId: OrderId) {
  return db().order.findUniqueOrThrow({
    where: { id: orderId },
    include: {
      lines: true,
      payments: { orderBy: { createdAt: "asc" } },
      reservations: true,
      disputes: true,
      returns: { orderBy: [{ createdAt: "asc" }, { id: "asc" }], include: { lines: true } },
      refunds: { orderBy: [{ createdAt: "asc" }, { id: "asc" }], include: { lines: true } },
      shipment: true,
      events: { orderBy: [{ createdAt: "asc" }, { id: "asc" }] },
    },
  });
}

export function readStock(variantId: VariantId) {
  return db().stockItem.findUniqueOrThrow({ where: { variantId }, select: { onHand: true, reserved: true } });
}

/** What was asked of the background about this order, oldest first. */
export async function asked(orderId: OrderId): Promise<string[]> {
  const messages = await db().outboxMessage.findMany({
    where: { key: { startsWith: `order:${orderId}:` } },
    orderBy: { createdAt: "asc" },
  });
  return messages.map(({ key }) => key.replace(`order:${orderId}:`, ""));
}

/** Counts everything in the outbox as sent at that time, each message as a run of its own that `isRunOver` is asked about. */
export async function markSent(at = new Date()): Promise<void> {
  await db().$executeRaw`update outbox_message set sent_at = ${at}, run_id = 'run_' || id where sent_at is null`;
}

/** Every run has ended, one way or another. */
export const allRunsAreOver = async () => true;

/** The refunds that Stripe made for the order, oldest first. */
export async function refundsAtStripe(orderId: OrderId): Promise<Stripe.Refund[]> {
  const { data } = await stripeDashboard().refunds.list({ payment_intent: await paymentIntentOf(orderId), limit: 100 });
  return data.reverse();
}

/** Where Stripe keeps the payment of a paid order. */
export async function paymentIntentOf(orderId: OrderId): Promise<string> {
  const { payments } = await readOrder(orderId);
  return payments.find(({ paymentIntentId }) => paymentIntentId)?.paymentIntentId ?? "";
}

/** Moves the clock of the local Stripe. */
export async function passAtStripe(advanceMs: number): Promise<void> {
  await control("/clock", { advanceMs });
}

/** How often Stripe charged for the order, and how much is still only authorised. */
export async function atStripe(orderId: OrderId) {
  const stripe = stripeDashboard();
  const { payments } = await readOrder(orderId);
  const ids = payments.flatMap(({ paymentIntentId }) => paymentIntentId ?? []);
  const intents = await Promise.all(ids.map((id) => stripe.paymentIntents.retrieve(id)));
  const captures = (await stripe.events.list({ type: "charge.captured", limit: 100 })).data.filter(
    ({ data: { object } }) => "payment_intent" in object && ids.includes(String(object.payment_intent)),
  );
  return { statuses: intents.map(({ status }) => status), captures: captures.length };
}

/** The process dies the next time it comes by this place. */
export function crashOnceAt(place: string): void {
  setCrashTrap((name) => {
    if (name !== place) return;
    setCrashTrap(undefined);
    throw new Error(`crashed at ${place}`);
  });
}

/** Makes the local Stripe fail on purpose: see local/stripe/faults.ts. */
export async function stripeFault(fault: {
  method: string;
  path: string;
  kind: string;
  times?: number;
  delayMs?: number;
}) {
  await control("/faults", fault);
}

/** Uses a handle of the local Stripe. */
export async function control(path: string, body: object): Promise<void> {
  const url = `${process.env.STRIPE_API_URL}/_local${path}`;
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
}
