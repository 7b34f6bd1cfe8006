import { db } from "@/lib/db/client";
import { fulfillOrder } from "@/lib/fulfilment/fulfill-order";
import { type CartId, newId, type OrderId, type VariantId } from "@/lib/ids";
import { sendNotice } from "@/lib/notifications/send-notice";
import { placeOrder } from "@/lib/orders/place-order";
import { processOrder } from "@/lib/orders/process-order";
import { startPayment } from "@/lib/orders/start-payment";
import { applyObjectEvents } from "@/lib/webhooks/apply-object-events";
import { auditNow, countDeadlocks, untilHeard } from "../store/quiet";
import { addressOf, cards, shelve, typeCard } from "../store/shop";
import { withTries, workOff } from "../store/work-off";
import { type Counts, countEverything } from "./counts";

const callersEach = 10;
const shelves = 20;

export type FulfilResult = { counts: Counts; deadlocks: number; wrongs: string[] };

type Completed = { orderId: OrderId; sessionId: string };

/**
 * Completes so many payment pages at Stripe and has ten callers at once take each of them all the way: apply what Stripe
 * tells, process the order, pack it, mail the shopper. Stripe's own message comes in meanwhile, as it likes. Afterwards
 * the background does all of it once more, and then everything is counted, here and at the vendors.
 */
export async function fulfil({
  sessions,
  atOnce,
  say = () => {},
}: {
  sessions: number;
  atOnce: number;
  say?: (done: number) => void;
}): Promise<FulfilResult> {
  const wrongs: string[] = [];
  const carts = await fillCarts(sessions);
  const numbers = carts.keys();
  let done = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const number of numbers) {
        const completed = await complete(number, carts[number] as CartId);
        const called = await Promise.allSettled(Array.from({ length: callersEach }, () => takeAllTheWay(completed)));
        for (const one of called) if (one.status === "rejected") wrongs.push(`${completed.orderId}: ${one.reason}`);
        done += 1;
        say(done);
      }
    }),
  );
  if (!(await untilHeard("checkout.session.completed", sessions)))
    wrongs.push(`The store did not hear of all ${sessions} payments.`);
  wrongs.push(...(await workOff(() => new Date())));
  const { counts, sentences } = await countEverything(sessions);
  wrongs.push(...sentences, ...(await auditNow(new Date())));
  return { counts, deadlocks: await countDeadlocks(), wrongs };
}

async function fillCarts(count: number): Promise<CartId[]> {
  const variants: VariantId[] = [];
  for (let n = 1; n <= shelves; n++) variants.push(await shelve(`Clamp ${n}`, count));
  const ids = Array.from({ length: count }, () => newId("cart"));
  await db().cart.createMany({ data: ids.map((id) => ({ id })) });
  await db().cartLine.createMany({
    data: ids.map((cartId, n) => ({ cartId, variantId: variants[n % shelves] as VariantId, quantity: 1 })),
  });
  return ids;
}

async function complete(number: number, cartId: CartId): Promise<Completed> {
  const input = addressOf(number);
  const placed = await placeOrder({ cartId, input, now: new Date() });
  const start = await withTries(() => startPayment({ ...placed, now: new Date() }));
  if (start.kind !== "pay") throw new Error("There is nothing to pay");
  const status = await typeCard(start.url, input.email, cards.succeeds);
  if (status !== 303) throw new Error(`Stripe's page answered ${status}`);
  const { sessionId } = await db().payment.findFirstOrThrow({ where: { orderId: placed.orderId } });
  return { orderId: placed.orderId, sessionId: sessionId ?? "" };
}

/** What the tasks do one after the other, with the tries that the platform gives them. */
async function takeAllTheWay({ orderId, sessionId }: Completed): Promise<void> {
  const now = new Date();
  await withTries(() => applyObjectEvents({ objectId: sessionId, now }));
  await withTries(() => processOrder({ orderId, now }));
  await withTries(() => fulfillOrder({ orderId, now }));
  await withTries(() => sendNotice({ orderId, notice: "confirmation", now }));
}
