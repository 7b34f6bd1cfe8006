import { afterAll, beforeAll, expect, test } from "vitest";
import { fulfil } from "@/chaos/fulfil/fulfil";
import { serveWebhooks } from "@/chaos/store/webhooks";
import { startWorld, type World } from "@/tests/support/world";

let world: World<"stripe">;
let webhooks: Awaited<ReturnType<typeof serveWebhooks>>;

beforeAll(async () => {
  webhooks = await serveWebhooks();
  const webhookUrl = webhooks.url;
  world = await startWorld({ stripe: true, resend: true, carrier: true, s3: true, webhookUrl });
});

afterAll(async () => {
  await world.close();
  await webhooks.close();
});

// The whole proof is `npm run chaos -- fulfil`.
test("ten callers at once take each paid order all the way: one charge, one parcel, one mail each", async () => {
  const sessions = 6;

  const { counts, deadlocks, wrongs } = await fulfil({ sessions, atOnce: 4 });

  expect(wrongs).toEqual([]);
  expect(counts).toEqual({
    orders: sessions,
    captures: sessions,
    shipments: sessions,
    liveLabels: sessions,
    mails: sessions,
  });
  expect(deadlocks).toBe(0);
}, 120_000);
