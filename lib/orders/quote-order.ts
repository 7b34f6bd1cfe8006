import { type CartView, getCart } from "@/lib/cart/get-cart";
import { db } from "@/lib/db/client";
import type { Discount, StoreSettings } from "@/lib/db/generated/client";
import { describeProblem } from "@/lib/discounts/errors";
import { findDiscount } from "@/lib/discounts/find-discount";
import { findProblem } from "@/lib/discounts/find-problem";
import type { CartId, ShippingRateId } from "@/lib/ids";
import { format } from "@/lib/money/money";
import { getStoreSettings } from "@/lib/store-settings";
import { type PriceList, readPriceList } from "./price-list";
import { writeShippingChoice } from "./schema";
import { priceFor } from "./settle-price";
import { type TotalRows, totalRows } from "./total-rows";

/** A way to ship to a country, in words; `choice` is what the form sends for it. */
export type QuotedWay = { id: ShippingRateId; choice: string; name: string; cost: string; totals: TotalRows };

export type OrderQuote = {
  cart: CartView;
  /** The code that is kept with the cart; `problem` says why it takes nothing off at present. */
  discount: { code: string; problem: string | null } | null;
  /** Before shipping, and before tax where that is added. */
  totals: TotalRows;
  /** What it would cost by country, as an ISO code, and way of shipping. None for a cart that cannot be ordered. */
  destinations: { country: string; ways: QuotedWay[] }[];
};

/** What the cart would cost if it were ordered now. The order itself is priced again when it is placed. */
export async function quoteOrder(asked: {
  cartId: CartId | undefined;
  /** Where they were read already. */
  terms?: { settings: StoreSettings; list: PriceList };
  now: Date;
}): Promise<OrderQuote> {
  const { cartId, now } = asked;
  const settings = asked.terms?.settings ?? (await getStoreSettings());
  const list = asked.terms?.list ?? (await readPriceList(settings));
  const cart = await getCart(cartId, settings);
  const { problem, code, discount } = await readDiscount(cartId, cart, now);
  const lines = cart.lines.filter(({ unitPrice }) => unitPrice.currency === list.currency);
  const order = { lines, discount };
  const names = { discountCode: discount?.code ?? null, taxName: null, taxIncluded: list.taxIncluded };
  return {
    cart,
    discount: code ? { code, problem } : null,
    totals: totalRows(priceFor(list, order), { ...names, shippingName: undefined }),
    destinations: cart.orderable ? quoteDestinations(list, order) : [],
  };
}

async function readDiscount(cartId: CartId | undefined, cart: CartView, now: Date) {
  const code = cart.lines.length > 0 && cartId ? await findCode(cartId) : null;
  if (!code) return { code: null, discount: null, problem: null };
  const discount = await findDiscount(code);
  const problem = findProblem(discount, { subtotal: cart.subtotal, now });
  return problem
    ? { code, discount: null, problem: describeProblem(code, problem) }
    : { code, discount, problem: null };
}

async function findCode(cartId: CartId): Promise<string | null> {
  const cart = await db().cart.findFirst({ where: { id: cartId, orderId: null }, select: { discountCode: true } });
  return cart?.discountCode ?? null;
}

/** Countries of one zone with the same tax cost the same, to the word: they are quoted once, and share the answer. */
function quoteDestinations(list: PriceList, order: Omit<Quoted, "country">): OrderQuote["destinations"] {
  const known = new Map<string, QuotedWay[]>();
  return [...list.ways].map(([country, ways]) => {
    const tax = list.taxOf(country);
    const rates = order.lines.map(({ productType }) => tax.basisPointsOf(productType));
    const key = JSON.stringify([ways, tax.name, tax.shippingBasisPoints, rates]);
    const quoted = known.get(key) ?? quoteWays(list, { ...order, country });
    known.set(key, quoted);
    return { country, ways: quoted };
  });
}

type Quoted = { lines: CartView["lines"]; country: string; discount: Discount | null };

function quoteWays(list: PriceList, order: Quoted): QuotedWay[] {
  const { country, discount } = order;
  return (list.ways.get(country) ?? []).map((way) => {
    const price = priceFor(list, { ...order, way });
    const totals = totalRows(price, {
      discountCode: discount?.code ?? null,
      shippingName: way.name,
      taxName: list.taxOf(country).name,
      taxIncluded: list.taxIncluded,
    });
    const choice = writeShippingChoice({ rateId: way.id, total: price.total });
    return {
      id: way.id,
      choice,
      name: way.name,
      cost: price.shipping.amount === 0 ? "free" : format(price.shipping),
      totals,
    };
  });
}
