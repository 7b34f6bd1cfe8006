import { db } from "@/lib/db/client";
import type { Random } from "../random";
import type { Answer } from "./call";
import { grace, staffEdges } from "./edges";
import { oraclePieces } from "./oracle";
import { chance } from "./pick";
import type { Shop } from "./shop";
import type { StaffOrder } from "./staff-orders";
import type { Tally } from "./tally";

const decimals: Readonly<Record<string, number>> = { JPY: 0, KWD: 3 };

/** Staff give some money of an order back, within what is left or beyond; what comes of it is known beforehand. */
export async function giveBack(random: Random, shop: Shop, order: StaffOrder, tally: Tally): Promise<void> {
  const { left } = order;
  const base = { orderId: order.orderId, currency: shop.currency, reason: "other" };
  if (chance(random, 60)) {
    // Mostly a small part, so that there is something left for long.
    const most = chance(random, 80) ? left.amount / 20n : left.amount + 100n;
    const amount = BigInt(random.between(0, Number(most)));
    const answer = await staffEdges.refundOrder(grace, {
      ...base,
      kind: "amount",
      amount: inDecimals(amount, shop.currency),
    });
    await judge(order, tally, answer, amount, amount > 0n && amount <= left.amount);
    return;
  }
  const wanted = left.lines.map((line) => ({ line, count: BigInt(random.between(0, chance(random, 90) ? 1 : 9)) }));
  const withShipping = chance(random, 10);
  const isThere = wanted.every(({ line, count }) => count <= line.pieces);
  const parts = wanted.map(({ line, count }) => ({
    line,
    count,
    amount: isThere && count > 0n ? oraclePieces(line.amount, count, line.pieces) : 0n,
  }));
  const amount = parts.reduce((sum, part) => sum + part.amount, withShipping ? left.shipping : 0n);
  const answer = await staffEdges.refundOrder(grace, {
    ...base,
    kind: "pieces",
    ...Object.fromEntries(wanted.map(({ line, count }) => [`pieces.${line.id}`, String(count)])),
    ...(withShipping ? { withShipping: "on" } : {}),
  });
  const isDone = await judge(order, tally, answer, amount, isThere && amount > 0n && amount <= left.amount);
  if (!isDone) return;
  if (withShipping) left.shipping = 0n;
  for (const part of parts) {
    part.line.pieces -= part.count;
    part.line.amount -= part.amount;
  }
}

async function judge(
  order: StaffOrder,
  tally: Tally,
  answer: Answer<unknown>,
  amount: bigint,
  isFine: boolean,
): Promise<boolean> {
  const isAsExpected = tally.expect("refund", answer, isFine, `${amount} of ${order.left.amount} left`);
  if (!isAsExpected || answer.kind !== "accepted") return false;
  order.left.amount -= amount;
  order.isGivenBack = true;
  const refund = await db().refund.findUniqueOrThrow({ where: { id: String(answer.value) }, include: { order: true } });
  const given = refund.order.totalAmount - refund.order.refundedAmount;
  if (BigInt(refund.amount) !== amount || BigInt(given) !== order.left.amount)
    tally.wrong(`Refund ${refund.id} is ${refund.amount}, and should be ${amount}; ${given} of the order are left.`);
  return true;
}

function inDecimals(amount: bigint, currency: string): string {
  const places = decimals[currency] ?? 2;
  const digits = String(amount).padStart(places + 1, "0");
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
