import { type CartId, newId, type OrderId, type VariantId } from "@/lib/ids";
import type { Store } from "./store";
import type { World } from "./world";

/** One way an order can go, from an empty store on. */
export type Play = (store: Store, world: World) => Promise<void>;

export type Placed = { orderId: OrderId; accessToken: string };

export const cards = { succeeds: "4242424242424242", refundsPend: "4000000000007726", refundsFail: "4000000000005126" };

/** What a shopper does: fills a cart with something that was put on the shelf. */
export async function fillCart(
  store: Store,
  { onHand = 10, quantity = 1, priceAmount = 1999 } = {},
): Promise<{ cartId: CartId; variantId: VariantId }> {
  const variantId = await shelve(store, onHand, priceAmount);
  const { cartId } = await store.act("fillCart", { variantId, quantity }, async () => {
    const { rows } = await store.sql.query<{ id: CartId }>("select cart_id as id from cart_line");
    return rows[0] && { cartId: rows[0].id };
  });
  return { cartId, variantId };
}

export async function place(
  store: Store,
  wanted?: { onHand?: number; quantity?: number; priceAmount?: number },
): Promise<Placed & { variantId: VariantId }> {
  const { cartId, variantId } = await fillCart(store, wanted);
  return { variantId, ...(await store.act("place", { cartId })) };
}

async function shelve(store: Store, onHand: number, priceAmount: number): Promise<VariantId> {
  const [productId, variantId] = [newId("product"), newId("variant")];
  await store.sql.query(
    `insert into product (id, handle, title, status, updated_at) values ('${productId}', '${productId}', 'Mug', 'active', now());
     insert into variant (id, product_id, position, title, option_values, price_amount, price_currency, updated_at)
       values ('${variantId}', '${productId}', 1, 'Default', '{}', ${priceAmount}, 'EUR', now());
     insert into stock_item (variant_id, tracked, on_hand) values ('${variantId}', true, ${onHand});
     insert into stock_movement (id, variant_id, kind, quantity) values ('${newId("movement")}', '${variantId}', 'received', ${onHand})`,
  );
  return variantId;
}

export async function openPage(store: Store, { orderId, accessToken }: Placed): Promise<string> {
  const start = await store.act("startPayment", { orderId, accessToken });
  if (start.kind !== "pay") throw new Error("There is nothing to pay");
  return start.url;
}

export async function payPage(store: Store, placed: Placed, card = cards.succeeds): Promise<void> {
  await typeCard(await openPage(store, placed), card);
}

/** Types the card on Stripe's page. */
export async function typeCard(url: string, number = cards.succeeds): Promise<void> {
  const form = { email: "ada@example.com", number, expiry: "12 / 34", cvc: "123", name: "Ada Lovelace", country: "GB" };
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
  if (answer.status !== 303) throw new Error(`Stripe's page answered ${answer.status}`);
}

export async function paid(
  store: Store,
  { card = cards.succeeds, quantity = 1, priceAmount = 1999 } = {},
): Promise<Placed> {
  const placed = await place(store, { quantity, priceAmount });
  await payPage(store, placed, card);
  await store.drain();
  return placed;
}
