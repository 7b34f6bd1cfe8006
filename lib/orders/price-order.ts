import type { DiscountTerms } from "@/lib/discounts/discount-terms";
import {
  add,
  allocate,
  type Currency,
  compare,
  type Money,
  money,
  percent,
  percentWithin,
  subtract,
  sum,
  times,
} from "@/lib/money/money";

export type LineToPrice = { unitPrice: Money; quantity: number; taxBasisPoints: number };

/** What decides the price of an order, beside what is in it. */
export type PriceTerms = {
  currency: Currency;
  /** Whether the prices of goods and shipping contain their tax; else it is added to them. */
  taxIncluded: boolean;
  discount: DiscountTerms | null;
  /** Null as long as it is not known where the order goes. */
  shipping: { amount: Money; freeFrom: Money | null; taxBasisPoints: number } | null;
};

export type LinePrice = {
  /** The unit price times the quantity. */
  subtotal: Money;
  discount: Money;
  taxBasisPoints: number;
  tax: Money;
  /** What is paid for the line: after discount, with tax. */
  total: Money;
};

export type OrderPrice = {
  lines: LinePrice[];
  subtotal: Money;
  discount: Money;
  /** What is paid for shipping, its tax included. */
  shipping: Money;
  shippingTaxBasisPoints: number;
  shippingTax: Money;
  /** Of lines and shipping. */
  tax: Money;
  total: Money;
};

/**
 * What an order costs, in whole minor units: the lines' totals and the shipping are exactly its total.
 *
 * A discount is worked out once for all goods, at most what they cost, and spread over the lines by their subtotals
 * (largest remainder; of equal remainders the first line). Tax is worked out for each line on what is left, and for
 * shipping; each of these is rounded once, halves up. Shipping is free from an amount of goods before the discount.
 *
 * @throws RangeError for mixed currencies, and for amounts that no safe integer holds.
 */
export function priceOrder(lines: readonly LineToPrice[], terms: PriceTerms): OrderPrice {
  const nothing = money(0, terms.currency);
  const total = (parts: readonly Money[]) => sum(nothing.currency, parts);
  const subtotals = lines.map(({ unitPrice, quantity }) => times(unitPrice, quantity));
  const subtotal = total(subtotals);
  const discount = discountOff(subtotal, terms.discount);
  const shares = spread(discount, subtotals);
  const priced = lines.map(({ taxBasisPoints }, index) => {
    const [line, off] = [subtotals[index] ?? nothing, shares[index] ?? nothing];
    return { subtotal: line, discount: off, ...taxed(subtract(line, off), taxBasisPoints, terms.taxIncluded) };
  });
  const shipping = taxed(shippingCost(subtotal, terms), terms.shipping?.taxBasisPoints ?? 0, terms.taxIncluded);
  return {
    lines: priced,
    subtotal,
    discount,
    shipping: shipping.total,
    shippingTaxBasisPoints: shipping.taxBasisPoints,
    shippingTax: shipping.tax,
    tax: total([...priced.map(({ tax }) => tax), shipping.tax]),
    total: total([...priced.map((line) => line.total), shipping.total]),
  };
}

function discountOff(subtotal: Money, discount: DiscountTerms | null): Money {
  switch (discount?.kind) {
    case "percent":
      return percent(subtotal, discount.basisPoints);
    case "fixed_amount":
      return compare(discount.amount, subtotal) < 0 ? discount.amount : subtotal;
    case "free_shipping":
    case undefined:
      return money(0, subtotal.currency);
  }
}

function spread(discount: Money, subtotals: readonly Money[]): Money[] {
  if (discount.amount === 0) return subtotals.map(() => discount);
  return allocate(
    discount,
    subtotals.map(({ amount }) => amount),
  );
}

function shippingCost(subtotal: Money, { shipping, discount, currency }: PriceTerms): Money {
  if (!shipping || discount?.kind === "free_shipping") return money(0, currency);
  const isFree = shipping.freeFrom !== null && compare(subtotal, shipping.freeFrom) >= 0;
  return isFree ? money(0, currency) : shipping.amount;
}

function taxed(price: Money, taxBasisPoints: number, taxIncluded: boolean) {
  const tax = taxIncluded ? percentWithin(price, taxBasisPoints) : percent(price, taxBasisPoints);
  return { taxBasisPoints, tax, total: taxIncluded ? price : add(price, tax) };
}
