import { isPayable, type OraclePrice, oraclePrice } from "./oracle";
import type { Code, Country, Item, Shop, Way } from "./shop";

export type Wanted = { item: Item; quantity: number };

/** What such an order costs, by the oracle. */
export function priceBy(
  shop: Shop,
  order: { lines: readonly Wanted[]; country: Country; way: Way; code: Code | null },
): OraclePrice {
  const { lines, country, way, code } = order;
  return oraclePrice(
    lines.map(({ item, quantity }) => ({
      unit: BigInt(item.unit),
      quantity: BigInt(quantity),
      taxBasisPoints: BigInt((item.type === null ? undefined : country.ofType.get(item.type)) ?? country.standard ?? 0),
    })),
    {
      taxIncluded: shop.taxIncluded,
      discount: code?.off ?? null,
      shipping: {
        amount: BigInt(way.amount),
        freeFrom: way.freeFrom === null ? null : BigInt(way.freeFrom),
        taxBasisPoints: BigInt(country.taxesShipping ? (country.standard ?? 0) : 0),
      },
    },
  );
}

export const subtotalOf = (lines: readonly Wanted[]): bigint =>
  lines.reduce((sum, { item, quantity }) => sum + BigInt(item.unit) * BigInt(quantity), 0n);

/** Whether a code takes something off goods of this sum; how often it was used is another matter. */
export function isUsable(code: Code, subtotal: bigint): boolean {
  return !code.isDead && subtotal >= BigInt(code.minimum ?? 0);
}

/** Whether the order can be had: something in it, a code that counts, and a sum that a card can pay. */
export function isOrderable(
  shop: Shop,
  order: { lines: readonly Wanted[]; country: Country; way: Way; code: Code | null },
): boolean {
  const { lines, code } = order;
  if (lines.length === 0 || (code && !isUsable(code, subtotalOf(lines)))) return false;
  return isPayable(priceBy(shop, order), shop.currency);
}

/** A number in a request; the store's own notation of a choice of shipping. */
export const choiceOf = (way: { id: string }, total: bigint | number | string, currency: string) =>
  `${way.id}.${total}.${currency}`;
