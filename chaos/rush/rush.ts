import { db } from "@/lib/db/client";
import { newId, type VariantId } from "@/lib/ids";
import type { Random } from "../random";
import type { MovedClock } from "../store/clock";
import { auditNow, countDeadlocks, sweepUp, untilHeard } from "../store/quiet";
import { shelve } from "../store/shop";
import { timeTransactions } from "../store/transaction-times";
import { type Bought, type Buyer, buy, decideFates } from "./buyers";
import { findWrongs } from "./wrongs";

const minuteMs = 60_000;
/** A minute more than stock is held for a payment. */
const holdMs = 41 * minuteMs;
const roundsMax = 20;

export type Cart = { variant: number; quantity: number }[];
export type Rush = {
  buyers: number;
  /** What is on the shelf, by variant. */
  stock: readonly number[];
  /** What a buyer has in the cart, in the order in which it was put there. */
  cart: (random: Random) => Cart;
  random: Random;
  clock: MovedClock;
};
export type Round = { came: number; bought: Bought[]; transactionMs: number[]; seconds: number };
export type RushResult = { rounds: Round[]; sold: number; left: number; deadlocks: number; wrongs: string[] };

/**
 * Everybody presses the button at the same moment. Some of those who were quick enough leave without paying; once their
 * time is over, all who got nothing come again at once, until nobody can get anything any more.
 */
export async function rush({ buyers: count, stock, cart, random, clock }: Rush): Promise<RushResult> {
  const variants: VariantId[] = [];
  for (const [index, pieces] of stock.entries()) variants.push(await shelve(`Vice ${index + 1}`, pieces));
  let waiting = await fillCarts(count, variants, () => cart(random));
  const rounds: Round[] = [];
  const wrongs: string[] = [];
  const heardBefore = await db().stripeEvent.count({ where: { type: "checkout.session.completed" } });
  let paid = 0;

  while (rounds.length < roundsMax) {
    const round = await playRound(waiting, random, clock, wrongs);
    rounds.push(round);
    paid += round.bought.filter(({ outcome }) => outcome === "pays").length;
    if (!(await untilHeard("checkout.session.completed", heardBefore + paid)))
      wrongs.push(`The store did not hear of all ${paid} payments.`);
    wrongs.push(...(await sweepUp(clock)));
    await clock.advance(holdMs);
    wrongs.push(...(await sweepUp(clock)));
    // Who has paid is done; who got an order and left it may want it after all.
    waiting = round.bought.filter(({ outcome }) => outcome !== "pays").map(({ buyer }) => buyer);
    if (round.bought.every(({ outcome }) => outcome === "sold-out")) break;
  }
  const counted = await db().stockItem.aggregate({
    where: { variantId: { in: variants } },
    _sum: { onHand: true, reserved: true },
  });
  const left = counted._sum.onHand ?? 0;
  wrongs.push(...(await findWrongs({ variants, waiting })));
  wrongs.push(...(await auditNow(clock.now())));
  return {
    rounds,
    sold: stock.reduce((sum, pieces) => sum + pieces, 0) - left,
    left,
    deadlocks: await countDeadlocks(),
    wrongs,
  };
}

async function playRound(
  waiting: readonly Buyer[],
  random: Random,
  clock: MovedClock,
  wrongs: string[],
): Promise<Round> {
  const fates = decideFates(random, waiting.length);
  const timing = timeTransactions();
  const from = performance.now();
  const settled = await Promise.allSettled(
    waiting.map((buyer, index) => buy(buyer, fates[index] ?? "abandons", clock)),
  );
  const seconds = (performance.now() - from) / 1_000;
  const transactionMs = timing.take();
  timing.stop();
  const failed = settled.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
  if (failed.length > 0)
    wrongs.push(`${failed.length} buyers met an error: ${[...new Set(failed)].slice(0, 3).join("; ")}`);
  const bought = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  return { came: waiting.length, bought, transactionMs, seconds };
}

async function fillCarts(count: number, variants: readonly VariantId[], fill: () => Cart): Promise<Buyer[]> {
  const buyers = Array.from({ length: count }, (_, number) => ({ number, cartId: newId("cart") }));
  await db().cart.createMany({ data: buyers.map(({ cartId }) => ({ id: cartId })) });
  const from = Date.now();
  const lines = buyers.flatMap(({ cartId }) =>
    fill().map(({ variant, quantity }, position) => ({
      cartId,
      variantId: variants[variant] as VariantId,
      quantity,
      createdAt: new Date(from + position),
    })),
  );
  await db().cartLine.createMany({ data: lines });
  return buyers;
}
