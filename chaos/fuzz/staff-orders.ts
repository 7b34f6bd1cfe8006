import { db } from "@/lib/db/client";
import { fulfillOrder } from "@/lib/fulfilment/fulfill-order";
import { newId } from "@/lib/ids";
import { markShipped } from "@/lib/orders/mark-shipped";
import { placeOrder } from "@/lib/orders/place-order";
import { processOrder } from "@/lib/orders/process-order";
import { startPayment } from "@/lib/orders/start-payment";
import { addressOf, cards, typeCard } from "../store/shop";
import { grace } from "./edges";
import { isOrderable, priceBy, type Wanted } from "./expected";
import type { Country, Shop, Way } from "./shop";

const states = ["confirmed", "packed", "shipped", "shipped", "unpaid"] as const;

/** An order as staff see it, with what must still be left of it by the oracle. */
export type StaffOrder = {
  orderId: string;
  token: string;
  state: (typeof states)[number];
  /** Money of it was given back, which Stripe is still to be asked for. */
  isGivenBack: boolean;
  left: { amount: bigint; shipping: bigint; lines: { id: string; pieces: bigint; amount: bigint }[] };
};

/** A few orders that were really paid and sent, for staff to be asked things about. */
export async function makeStaffOrders(shop: Shop): Promise<StaffOrder[]> {
  // The only country with one way of shipping, which needs no choosing.
  const country = shop.countries.find(({ ways }) => ways.length === 1);
  const way = country?.ways[0];
  const wanted = country && way && cartFor(shop, country, way);
  const made: StaffOrder[] = [];
  for (const [n, state] of states.entries()) {
    if (wanted) made.push(await make(shop, { ...wanted, country, way }, state, n));
  }
  return made;
}

/** Two items of which an order can be paid; there may be none where tax is added and amounts go in steps. */
function cartFor(shop: Shop, country: Country, way: Way): { lines: Wanted[] } | undefined {
  const items = shop.items.filter(({ unit }) => unit >= 100 && unit < 1_000_000);
  const carts = items
    .flatMap((one) => items.map((other) => [one, other] as const))
    .filter(([one, other]) => one !== other);
  for (const [one, other] of carts) {
    const lines = [
      { item: one, quantity: 3 },
      { item: other, quantity: 7 },
    ];
    if (isOrderable(shop, { lines, country, way, code: null })) return { lines };
  }
  return undefined;
}

type Asked = { lines: Wanted[]; country: Country; way: Way };

async function make(shop: Shop, asked: Asked, state: StaffOrder["state"], n: number): Promise<StaffOrder> {
  const cartId = newId("cart");
  const from = Date.now();
  const data = asked.lines.map(({ item: { variantId }, quantity }, at) => ({
    variantId,
    quantity,
    createdAt: new Date(from + at),
  }));
  await db().cart.create({ data: { id: cartId, lines: { create: data } } });
  const { email, shipTo } = addressOf(n);
  const now = new Date();
  const placed = await placeOrder({ cartId, input: { email, shipTo }, now });
  const { orderId, accessToken: token } = placed;
  if (state !== "unpaid") {
    const start = await startPayment({ ...placed, now });
    if (start.kind !== "pay") throw new Error(`An order in ${shop.currency} could not be paid`);
    await typeCard(start.url, email, cards.succeeds);
    await processOrder({ orderId, now });
    if (state !== "confirmed") await fulfillOrder({ orderId, now });
    if (state === "shipped") {
      await markShipped({ actor: grace, orderId, now });
    }
  }
  const lines = await db().orderLine.findMany({ where: { orderId }, orderBy: { position: "asc" } });
  const price = priceBy(shop, { ...asked, code: null });
  return {
    orderId,
    token,
    state,
    isGivenBack: false,
    left: {
      amount: state === "unpaid" ? 0n : price.total,
      shipping: price.shipping,
      lines: lines.map(({ id }, at) => ({
        id,
        pieces: BigInt(asked.lines[at]?.quantity ?? 0),
        amount: price.lines[at]?.total ?? 0n,
      })),
    },
  };
}
