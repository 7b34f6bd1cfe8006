import type { CustomerActor } from "@/lib/accounts/actor";
import { newId, type SavedCardId } from "@/lib/ids";
import { fillCart, type Placed, type Play, payPage } from "./deeds";
import type { Store } from "./store";
import type { World } from "./world";

/** Stripe's ready-made cards, by what the bank says when nobody is there to be asked. */
const kept = {
  pays: "pm_card_visa",
  isDeclined: "pm_card_visa_chargeDeclined",
  asks: "pm_card_authenticationRequired",
};

/** The life of an order whose shopper keeps a card in an account. */
export const cardScenarios = {
  "a saved card that pays": async (store) => {
    await placeWithCard(store, kept.pays);
    await store.drain();
  },

  "a saved card that pays, and Stripe answers with an error": async (store, world) => {
    await placeWithCard(store, kept.pays);
    await world.control("stripe", "/faults", {
      method: "POST",
      path: "/v1/payment_intents",
      kind: "error_after",
      times: 1,
    });
    await store.drain();
  },

  "a saved card that is declined": async (store) => {
    await placeWithCard(store, kept.isDeclined);
    await store.drain();
  },

  "a saved card for which the bank asks the shopper": async (store, world) => {
    await payWhenAsked(store, world, await placeWithCard(store, kept.asks));
  },

  "a saved card that is removed before it is charged": async (store, world) => {
    const { customer, cardId, ...placed } = await placeWithCard(store, kept.pays);
    await remove(store, customer, cardId);
    await payWhenAsked(store, world, placed);
  },

  "a card that is kept, and removed": async (store) => {
    const customer = await register(store);
    const { cartId } = await fillCart(store);
    await payPage(store, await store.act("placeKeepingCard", { cartId, customer }));
    await store.drain();
    const { rows } = await store.sql.query<{ id: SavedCardId }>("select id from saved_card");
    await remove(store, customer, rows[0]?.id);
    await store.drain();
  },
} satisfies Record<string, Play>;

async function placeWithCard(
  store: Store,
  token: string,
): Promise<Placed & { customer: CustomerActor; cardId: SavedCardId }> {
  const customer = await register(store);
  const cardId = await keep(store, customer, token);
  const { cartId } = await fillCart(store);
  return { customer, cardId, ...(await store.act("placeWithCard", { cartId, customer, cardId })) };
}

/** A shopper with an account, and without a password, which takes its time to make. */
async function register(store: Store): Promise<CustomerActor> {
  const customer: CustomerActor = {
    kind: "customer",
    userId: newId("user"),
    email: "ada@example.com",
    name: "Ada Lovelace",
  };
  const { userId, name, email } = customer;
  await store.sql.query(`insert into "user" (id, name, email, updated_at) values ($1, $2, $3, now())`, [
    userId,
    name,
    email,
  ]);
  return customer;
}

/** Has the shopper keep a card that no page would take, as it is after one had. */
async function keep({ sql, stripe }: Store, { userId, email }: CustomerActor, token: string): Promise<SavedCardId> {
  const atStripe = await stripe.customers.create({ email, metadata: { userId } });
  const { id: methodId, card } = await stripe.paymentMethods.attach(token, { customer: atStripe.id });
  await sql.query("insert into stripe_customer (user_id, stripe_customer_id) values ($1, $2)", [userId, atStripe.id]);
  const id = newId("savedCard");
  await sql.query(
    `insert into saved_card (id, user_id, stripe_customer_id, payment_method_id, brand, last4, exp_month, exp_year,
       is_default, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, true, now())`,
    [id, userId, atStripe.id, methodId, card?.brand, card?.last4, card?.exp_month, card?.exp_year],
  );
  return id;
}

async function remove(store: Store, customer: CustomerActor, cardId: SavedCardId | undefined): Promise<void> {
  if (!cardId) throw new Error("No card was kept");
  await store.press("removeCard", { customer, cardId }, async () => {
    const { rowCount } = await store.sql.query("select from saved_card where state = 'kept'");
    return rowCount === 0;
  });
}

/** The shopper finds the store's mail, and pays on Stripe's page. */
async function payWhenAsked(store: Store, world: World, placed: Placed): Promise<void> {
  let hasPaid = false;
  await store.drain(async () => {
    const mails = hasPaid ? [] : await world.read<{ subject: string }[]>("resend", "/emails");
    if (!mails.some(({ subject }) => subject.startsWith("Please pay for your order"))) return false;
    await payPage(store, placed);
    hasPaid = true;
    return true;
  });
}
