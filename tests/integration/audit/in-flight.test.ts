import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type AuditResult, audit } from "@/audit/audit";
import { setCrashTrap } from "@/lib/crash-point";
import { sendOrderNotice } from "@/lib/notifications/send-order-notice";
import { expireOrder } from "@/lib/orders/expire-order";
import { processOrder } from "@/lib/orders/process-order";
import {
  authorizedOrder,
  hearFromStripe,
  inMinutes,
  order,
  pay,
  readOrder,
  shelve,
  stripeDashboard,
} from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";

let world: World<"stripe" | "resend">;

beforeAll(async () => {
  world = await startWorld({ stripe: true, resend: true });
});

afterEach(() => setCrashTrap(undefined));

afterAll(() => world.close());

function look(): Promise<AuditResult> {
  const { DATABASE_URL = "", STRIPE_SECRET_KEY = "" } = process.env;
  return audit({ databaseUrl: DATABASE_URL, stripe: { key: STRIPE_SECRET_KEY, url: world.stripe.url } });
}

/** What the first three invariants find: they must hold whatever is going on. */
function alwaysTrue({ invariants }: AuditResult): string[] {
  return invariants.filter(({ needsQuiet }) => !needsQuiet).flatMap(({ examples }) => examples);
}

test("between any two steps of an order the money and the stock are right, and the order is unfinished", async () => {
  const seen = new Map<string, AuditResult>();
  setCrashTrap(async (name) => void seen.set(name, await look()));
  const mug = await shelve("Blue mug", 9);

  const sold = await authorizedOrder([mug]);
  await processOrder({ ...sold, now: new Date() });
  await sendOrderNotice({ ...sold, notice: "confirmation", now: new Date() });
  const refused = await authorizedOrder([mug]);
  await stripeDashboard().paymentIntents.cancel((await readOrder(refused.orderId)).payments[0]?.paymentIntentId ?? "");
  await processOrder({ ...refused, now: new Date() });
  await expireOrder({ ...(await order([mug])), now: inMinutes(41) });

  expect([...seen.keys()].sort()).toEqual([
    "expire-order.page-closed",
    "mail.claimed",
    "mail.sent",
    "process-order.authorized",
    "process-order.captured",
    "process-order.reserved",
    "process-order.voided",
    "start-payment.page-made",
  ]);
  expect([...seen.values()].flatMap(alwaysTrue)).toEqual([]);
  const captured = seen.get("process-order.captured")?.invariants;
  expect(captured?.[2]?.counted).toContain("1 charge in flight");
  expect(captured?.[3]?.examples).toEqual([
    expect.stringContaining(`Order ${sold.orderId} is still pending and authorized, and Stripe took 24.89 EUR`),
  ]);
});

test("while shoppers trade the money and the stock are right at every moment", async () => {
  const audits: AuditResult[] = [];
  setCrashTrap(async (name) => {
    if (name !== "process-order.captured") return;
    // Each order stays charged and unconfirmed until one whole look was taken at it, however slow the machine is.
    const seen = audits.length;
    await vi.waitUntil(() => audits.length > seen + 1, { timeout: 30_000 });
  });
  const mug = await shelve("Green mug", 30);
  let isTrading = true;
  const trade = Promise.all(
    Array.from({ length: 12 }, async () => {
      const placed = await order([mug]);
      await pay(placed);
      await hearFromStripe(placed.orderId);
      await processOrder({ ...placed, now: new Date() });
    }),
  ).finally(() => {
    isTrading = false;
  });

  while (isTrading) audits.push(await look());
  await trade;

  expect(audits.flatMap(alwaysTrue)).toEqual([]);
  expect(audits.some(({ invariants }) => invariants.some(({ violations }) => violations > 0))).toBe(true);
});
