import type { CartView } from "@/lib/cart/get-cart";
import type { Discount } from "@/lib/db/generated/client";
import { describeProblem } from "@/lib/discounts/errors";
import { findDiscount } from "@/lib/discounts/find-discount";
import { findProblem } from "@/lib/discounts/find-problem";
import type { ShippingRateId } from "@/lib/ids";
import { format } from "@/lib/money/money";
import { type PriceList, readPriceList } from "./price-list";
import { writeShippingChoice } from "./schema";
import { priceFor } from "./settle-price";
import { type TotalRows, totalRows } from "./total-rows";

/** A way to ship to a country, in words; `choice` is what the form sends for it. */
export type QuotedWay = { id: ShippingRateId; choice: string; name: string; cost: string; totals: TotalRows };

export type OrderQuote = {
  /** The code that is kept with the cart; `problem` says why it takes nothing off at present. */
  discount: { code: string; problem: string | null } | null;
  /** Before shipping, and before tax where that is added. */
  totals: TotalRows;
  /**
   * What it would cost by way of shipping, and the countries, as ISO codes, to which it costs that. None for a cart that
   * cannot be ordered.
   */
  destinations: Destination[];
};

export type Destination = { countries: string[]; ways: QuotedWay[] };

/** What the cart would cost if it were ordered now. The order itself is priced again when it is placed. */
export async function quoteOrder(
  cart: CartView,
  asked: {
    /** Where it was read already. */
    list?: PriceList;
    now: Date;
  },
): Promise<OrderQuote> {
  const list = asked.list ?? (await readPriceList());
  const { problem, code, discount } = await readDiscount(cart, asked.now);
  const lines = cart.lines.filter(({ unitPrice }) => unitPrice.currency === list.currency);
  const order = { lines, discount };
  const names = { discountCode: discount?.code ?? null, taxName: null, taxIncluded: list.taxIncluded };
  return {
    discount: code ? { code, problem } : null,
    totals: totalRows(priceFor(list, order), { ...names, shippingName: undefined }),
    destinations: cart.orderable ? quoteDestinations(list, order) : [],
  };
}

async function readDiscount({ discountCode: code, subtotal }: CartView, now: Date) {
  if (!code) return { code: null, discount: null, problem: null };
  const discount = await findDiscount(code);
  const problem = findProblem(discount, { subtotal, now });
  return problem
    ? { code, discount: null, problem: describeProblem(code, problem) }
    : { code, discount, problem: null };
}

/** Countries of one zone with the same tax cost the same, to the word: they are quoted once. */
function quoteDestinations(list: PriceList, order: Omit<Quoted, "country">): Destination[] {
  const known = new Map<string, Destination>();
  for (const [country, ways] of list.ways) {
    const tax = list.taxOf(country);
    const rates = order.lines.map(({ productType }) => tax.basisPointsOf(productType));
    const key = JSON.stringify([ways, tax.name, tax.shippingBasisPoints, rates]);
    const same = known.get(key);
    if (same) same.countries.push(country);
    else known.set(key, { countries: [country], ways: quoteWays(list, { ...order, country }) });
  }
  return [...known.values()];
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
