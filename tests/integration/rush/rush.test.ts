import { afterAll, beforeAll, expect, test } from "vitest";
import { Random } from "@/chaos/random";
import { mixedCart, oneItem } from "@/chaos/rush/carts";
import { rush } from "@/chaos/rush/rush";
import { MovedClock } from "@/chaos/store/clock";
import { serveWebhooks } from "@/chaos/store/webhooks";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { startWorld, type World } from "@/tests/support/world";

// The whole proof is `npm run chaos -- rush`; these are its smallest parts that still mean something.
let world: World<"stripe">;
let webhooks: Awaited<ReturnType<typeof serveWebhooks>>;
const clock = new MovedClock();

beforeAll(async () => {
  webhooks = await serveWebhooks();
  const webhookUrl = webhooks.url;
  world = await startWorld({ stripe: true, resend: true, carrier: true, s3: true, webhookUrl });
});

afterAll(async () => {
  await world.close();
  await webhooks.close();
});

test("of many buyers of one item at once, of whom some leave, exactly the pieces are sold and nobody meets an error", async () => {
  const result = await rush({ buyers: 120, stock: [10], cart: oneItem, random: new Random(7), clock });

  expect(result.wrongs).toEqual([]);
  expect(result).toMatchObject({ sold: 10, left: 0, deadlocks: 0 });
}, 120_000);

test("of many buyers of mixed carts at once nothing is oversold, and none waits in a circle", async () => {
  const stock = [5, 5, 5, 5];
  const result = await rush({ buyers: 40, stock, cart: mixedCart(stock.length), random: new Random(8), clock });

  expect(result.wrongs).toEqual([]);
  expect(result).toMatchObject({ deadlocks: 0 });
}, 120_000);

test("of many transactions at once no more begin than there are connections", async () => {
  const client = db();
  const { $transaction } = client;
  let [under, most] = [0, 0];
  const counted = async (...args: unknown[]) => {
    under += 1;
    most = Math.max(most, under);
    try {
      return await ($transaction as (...args: unknown[]) => Promise<unknown>).apply(client, args);
    } finally {
      under -= 1;
    }
  };
  Object.assign(client, { $transaction: counted });

  await Promise.all(Array.from({ length: 40 }, () => transaction((tx) => tx.$queryRaw`select 1`)));
  Object.assign(client, { $transaction });

  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(10);
});
