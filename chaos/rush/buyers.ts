import { DomainError, TemporaryError } from "@/lib/errors";
import type { CartId } from "@/lib/ids";
import { OutOfStockError } from "@/lib/inventory/errors";
import { placeOrder } from "@/lib/orders/place-order";
import { startPayment } from "@/lib/orders/start-payment";
import { pause } from "../processes";
import type { Random } from "../random";
import type { MovedClock } from "../store/clock";
import { addressOf, cards, typeCard } from "../store/shop";

/** What a buyer does once the order is placed: pay, leave, or show a card that the bank refuses and leave. */
const fates = { pays: 75, abandons: 20, declined: 5 };
export type Fate = keyof typeof fates;

export type Buyer = { number: number; cartId: CartId };
export type Bought = {
  buyer: Buyer;
  outcome: Fate | "sold-out";
  /** From pressing the button to the answer, tries included. */
  answeredMs: number;
  /** How often the store said that it was too busy. */
  busy: number;
};

/** Decided beforehand, so that a seed is a plan and not a matter of who comes first. */
export function decideFates(random: Random, count: number): Fate[] {
  return Array.from({ length: count }, () => random.weighted(fates));
}

/** A buyer presses the button, comes again when the store is too busy, and goes on to Stripe's page when it was quick enough. */
export async function buy(buyer: Buyer, fate: Fate, clock: MovedClock): Promise<Bought> {
  const from = performance.now();
  let busy = 0;
  for (;;) {
    try {
      const placed = await placeOrder({ cartId: buyer.cartId, input: addressOf(buyer.number), now: clock.now() });
      const answeredMs = performance.now() - from;
      await goToStripe(buyer, fate, placed, clock);
      return { buyer, outcome: fate, answeredMs, busy };
    } catch (error) {
      if (error instanceof OutOfStockError)
        return { buyer, outcome: "sold-out", answeredMs: performance.now() - from, busy };
      if (!(error instanceof TemporaryError)) throw error;
      busy += 1;
      await pause(500 + 500 * Math.random());
    }
  }
}

async function goToStripe(
  { number }: Buyer,
  fate: Fate,
  placed: Awaited<ReturnType<typeof placeOrder>>,
  clock: MovedClock,
): Promise<void> {
  // Half of those who leave have seen the page.
  if (fate === "abandons" && number % 2 === 0) return;
  const start = await openPage(placed, clock);
  if (fate === "abandons") return;
  const card = fate === "pays" ? cards.succeeds : cards.declined;
  const status = await typeCard(start, addressOf(number).email, card);
  const expected = fate === "pays" ? 303 : 402;
  if (status !== expected) throw new Error(`Stripe's page answered ${status} to a buyer who ${fate}`);
}

/** Tried as often as a person would who is told to try again. */
async function openPage(placed: Awaited<ReturnType<typeof placeOrder>>, clock: MovedClock): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      const start = await startPayment({ ...placed, now: clock.now() });
      if (start.kind === "pay") return start.url;
      throw new Error("There is nothing to pay");
    } catch (error) {
      const mayPass = error instanceof DomainError && error.code === "payment-unavailable";
      if (!mayPass || attempt === 10) throw error;
      await pause(500);
    }
  }
}
