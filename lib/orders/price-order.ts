import { add, compare, type Money, money, sum, times } from "@/lib/money/money";

type ShippingRule = { currency: string; shippingAmount: number; freeShippingFromAmount: number | null };

export type OrderPrice = { lineTotals: Money[]; subtotal: Money; shipping: Money; total: Money };

/**
 * What an order costs: its lines at their unit prices, and one flat rate for shipping, which is free from the amount
 * that the store has set. Never rounds: whole prices times whole quantities.
 */
export function priceOrder(lines: readonly { unitPrice: Money; quantity: number }[], rule: ShippingRule): OrderPrice {
  const nothing = money(0, rule.currency);
  const lineTotals = lines.map(({ unitPrice, quantity }) => times(unitPrice, quantity));
  const subtotal = sum(nothing.currency, lineTotals);
  const isFree =
    rule.freeShippingFromAmount !== null && compare(subtotal, money(rule.freeShippingFromAmount, rule.currency)) >= 0;
  const shipping = isFree ? nothing : money(rule.shippingAmount, rule.currency);
  return { lineTotals, subtotal, shipping, total: add(subtotal, shipping) };
}
