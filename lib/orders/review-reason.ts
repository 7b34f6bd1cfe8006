import { compare, format, type Money, money } from "@/lib/money/money";

/**
 * Why a person has to look at a confirmed order before it is packed, as a sentence for staff; null where nobody has to.
 * `reviewFrom` is the store's own limit, null where it has none.
 */
export function reviewReason(order: {
  total: Money;
  captured: readonly Money[];
  reviewFrom: number | null;
}): string | null {
  const { total, captured, reviewFrom } = order;
  const wrong = captured.find((amount) => amount.currency !== total.currency || compare(amount, total) !== 0);
  if (wrong) return `${format(wrong)} was charged for an order of ${format(total)}.`;
  if (reviewFrom !== null && total.amount >= reviewFrom)
    return `Its total of ${format(total)} is not below ${format(money(reviewFrom, total.currency))}, from which on somebody looks.`;
  return null;
}
