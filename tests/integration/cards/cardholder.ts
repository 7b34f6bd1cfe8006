import type { CustomerActor } from "@/lib/accounts/actor";
import { ensureStripeCustomer } from "@/lib/cards/ensure-stripe-customer";
import { keepCard } from "@/lib/cards/keep-card";
import { listCards, type SavedCardView } from "@/lib/cards/list-cards";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { newId, type SavedCardId, type VariantId } from "@/lib/ids";
import { type PlacedOrder, placeOrder } from "@/lib/orders/place-order";
import { toCardAtStripe } from "@/lib/payments/read-card";
import { ada, fillCart, hearFromStripe, pay, stripeDashboard } from "@/tests/integration/orders/shop";

/** A shopper with an account. It has no password, which takes its time to make. */
export async function register(email: string): Promise<CustomerActor> {
  const userId = newId("user");
  await db().user.create({ data: { id: userId, name: "Ada Lovelace", email } });
  return { kind: "customer", userId, email, name: "Ada Lovelace" };
}

export const cardsOf = (actor: CustomerActor): Promise<SavedCardView[]> => listCards({ actor, now: new Date() });

/** Orders and pays on Stripe's page, and lets the card be kept. */
export async function orderKeepingCard(
  customer: CustomerActor,
  variant: VariantId,
  number?: string,
): Promise<PlacedOrder> {
  const cartId = await fillCart([variant]);
  const placed = await placeOrder({ cartId, customer, input: { ...ada, keepCard: true }, now: new Date() });
  await pay(placed, number);
  await hearFromStripe(placed.orderId);
  return placed;
}

/** A kept card of Stripe's ready-made ones, for those that no page would take. */
export async function attach(customer: CustomerActor, token: string): Promise<SavedCardId> {
  const { userId } = customer;
  const stripe = stripeDashboard();
  const method = await stripe.paymentMethods.attach(token, { customer: await ensureStripeCustomer(userId) });
  const card = toCardAtStripe(method);
  if (!card) throw new Error("It is attached");
  await transaction((tx) => keepCard(tx, { userId, card, now: new Date() }));
  const { id } = await db().savedCard.findUniqueOrThrow({ where: { paymentMethodId: method.id } });
  return id as SavedCardId;
}

/** Orders with a kept card, which is charged when the order is processed. */
export async function orderWithCard(
  customer: CustomerActor,
  savedCardId: SavedCardId,
  variants: readonly VariantId[],
  now = new Date(),
): Promise<PlacedOrder> {
  const cartId = await fillCart(variants);
  return placeOrder({ cartId, customer, input: { ...ada, savedCardId }, now });
}

/** What Stripe has of this shopper's payments, the newest first. */
export async function paymentsAtStripe({ userId }: CustomerActor): Promise<string[]> {
  const { stripeCustomerId } = await db().stripeCustomer.findUniqueOrThrow({ where: { userId } });
  const { data } = await stripeDashboard().paymentIntents.list({ customer: stripeCustomerId ?? "", limit: 100 });
  return data.map(({ status }) => status);
}
