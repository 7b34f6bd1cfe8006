import type { OrderLineId } from "@/lib/ids";
import { add, allocate, compare, format, type Money, money, portion, sum } from "@/lib/money/money";
import { RefundRefusedError } from "./errors";

/** What can still be refunded of an order. The parts come to the amount, or to more where an amount was given back. */
export type Refundable = {
  amount: Money;
  shipping: Money;
  lines: { orderLineId: OrderLineId; title: string; pieces: number; amount: Money }[];
};

/** How much to give back, and for what. What is neither for a line nor for shipping is a plain amount. */
export type RefundPlan = {
  amount: Money;
  shipping: Money;
  lines: { orderLineId: OrderLineId; quantity: number; amount: Money }[];
};

export type LinePieces = { orderLineId: OrderLineId; quantity: number };

/** One entry a line, without lines of which there are none. */
export function sumByLine(pieces: readonly LinePieces[]): LinePieces[] {
  const sums = new Map<OrderLineId, number>();
  for (const { orderLineId, quantity } of pieces) sums.set(orderLineId, (sums.get(orderLineId) ?? 0) + quantity);
  return [...sums].filter(([, quantity]) => quantity > 0).map(([orderLineId, quantity]) => ({ orderLineId, quantity }));
}

/** A plain amount. @throws RefundRefusedError beyond what is left */
export function planAmount(left: Refundable, amount: Money): RefundPlan {
  if (amount.currency !== left.amount.currency)
    throw new RefundRefusedError(`The order was paid in ${left.amount.currency}, not in ${amount.currency}.`);
  requireLeft(left, amount);
  return { amount, shipping: money(0, amount.currency), lines: [] };
}

/** Pieces of lines at what was paid for them, and the shipping if wanted. @throws RefundRefusedError beyond what is left */
export function planPieces(
  left: Refundable,
  asked: { pieces: readonly LinePieces[]; withShipping: boolean },
): RefundPlan {
  const lines = sumByLine(asked.pieces).map(({ orderLineId, quantity }) => {
    const line = left.lines.find((one) => one.orderLineId === orderLineId);
    if (!line) throw new RefundRefusedError("One of the lines is not of this order.");
    if (quantity > line.pieces)
      throw new RefundRefusedError(
        line.pieces === 0
          ? `${line.title} is refunded already.`
          : `Only ${line.pieces} of ${line.title} can still be refunded, not ${quantity}.`,
      );
    return { orderLineId, quantity, amount: portion(line.amount, { count: quantity, pieces: line.pieces }) };
  });
  const shipping = asked.withShipping ? left.shipping : money(0, left.amount.currency);
  const plan = totalled(lines, shipping);
  requireLeft(left, plan.amount);
  return plan;
}

/** Pieces that came back: as many of them as are not refunded yet, for at most what is left, which may be nothing. */
export function planReturned(left: Refundable, returned: readonly LinePieces[]): RefundPlan {
  const lines = sumByLine(returned).flatMap(({ orderLineId, quantity }) => {
    const line = left.lines.find((one) => one.orderLineId === orderLineId);
    const count = Math.min(quantity, line?.pieces ?? 0);
    if (!line || count === 0) return [];
    return { orderLineId, quantity: count, amount: portion(line.amount, { count, pieces: line.pieces }) };
  });
  return fitted(totalled(lines, money(0, left.amount.currency)), left.amount);
}

/** All that is left. @throws RefundRefusedError where that is nothing */
export function planRest(left: Refundable): RefundPlan {
  requireLeft(left, left.amount);
  const lines = left.lines
    .filter(({ pieces }) => pieces > 0)
    .map(({ orderLineId, pieces, amount }) => ({ orderLineId, quantity: pieces, amount }));
  return fitted(totalled(lines, left.shipping), left.amount);
}

function totalled(lines: RefundPlan["lines"], shipping: Money): RefundPlan {
  const goods = sum(
    shipping.currency,
    lines.map(({ amount }) => amount),
  );
  return { amount: add(goods, shipping), shipping, lines };
}

/** The plan within `most`: where a plain amount was given back before, less is left than the parts come to. */
function fitted(plan: RefundPlan, most: Money): RefundPlan {
  if (compare(plan.amount, most) <= 0) return plan;
  const parts = [...plan.lines.map(({ amount }) => amount), plan.shipping];
  const shares = allocate(
    most,
    parts.map(({ amount }) => amount),
  );
  const shareOf = (index: number) => shares[index] ?? money(0, most.currency);
  return {
    amount: most,
    shipping: shareOf(plan.lines.length),
    lines: plan.lines.map((line, index) => ({ ...line, amount: shareOf(index) })),
  };
}

function requireLeft(left: Refundable, amount: Money): void {
  if (amount.amount <= 0) throw new RefundRefusedError("There is nothing to refund.");
  if (compare(amount, left.amount) > 0)
    throw new RefundRefusedError(
      left.amount.amount === 0
        ? "All that was paid is refunded or promised already."
        : `Only ${format(left.amount)} can still be refunded, not ${format(amount)}.`,
    );
}
