import type { OrderLineId } from "@/lib/ids";
import type { RefundPlan } from "./plan-refund";

/** Money and the tax that it contains, in minor units of one currency. */
export type Taxed = { amount: number; tax: number };

/** What was paid for a part of an order, and what of it is not given back or promised yet. */
export type TaxedPart = { whole: Taxed; rest: Taxed };

/** An order's tax as a refund finds it. The rest of the order is also less plain amounts, which are of no part. */
export type TaxLeft = { rest: Taxed; shipping: TaxedPart; lines: ReadonlyMap<string, TaxedPart> };

/** The tax in a refund. `tax` is all of it: what is of neither the shipping nor a line belongs to a plain amount. */
export type RefundTax = { tax: number; shippingTax: number; lines: { orderLineId: OrderLineId; tax: number }[] };

/**
 * The tax that a refund gives back. However an order is refunded, piece by piece and in any mix of lines, shipping and
 * plain amounts, the tax of its refunds comes to exactly its own once all its money is given back, and never to more.
 *
 * A part's tax is in proportion to what was paid for it, halves up, and whatever is left of it with the last of its money.
 * A plain amount's tax is in proportion to what is left of the order. No amount contains more tax than money, and none is
 * left that would.
 */
export function refundTax(left: TaxLeft, plan: RefundPlan): RefundTax {
  const rest = { ...left.rest };
  const take = (part: TaxedPart | undefined, amount: number): number => {
    const tax = part ? Math.min(taxOfPart(part, amount), rest.tax) : 0;
    rest.amount -= amount;
    rest.tax -= tax;
    return tax;
  };
  const shippingTax = take(left.shipping, plan.shipping.amount);
  const lines = plan.lines.map(({ orderLineId, amount }) => ({
    orderLineId,
    tax: take(left.lines.get(orderLineId), amount.amount),
  }));
  const plain = plan.amount.amount - (left.rest.amount - rest.amount);
  const ofParts = left.rest.tax - rest.tax;
  const tax = within(ofParts + inProportion(rest, plain), left.rest, plan.amount.amount);
  return { tax: Math.max(tax, ofParts), shippingTax, lines };
}

function taxOfPart({ whole, rest }: TaxedPart, amount: number): number {
  return within(inProportion(whole, amount), rest, amount);
}

/** As near to `tax` as can be: neither it nor what is left afterwards is more than the money it is in. */
function within(tax: number, rest: Taxed, amount: number): number {
  const least = rest.tax - (rest.amount - amount);
  return Math.max(0, Math.min(Math.max(tax, least), rest.tax, amount));
}

/** Exact, and halves up. */
function inProportion(whole: Taxed, amount: number): number {
  if (whole.amount <= 0) return 0;
  const [total, product] = [BigInt(whole.amount), BigInt(whole.tax) * BigInt(amount)];
  return Number((2n * product + total) / (2n * total));
}
