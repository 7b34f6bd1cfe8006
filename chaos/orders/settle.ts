import { resumeRemovals } from "@/lib/cards/resume-removals";
import { resumeNotices } from "@/lib/notifications/resume-notices";
import { expireHolds } from "@/lib/orders/expire-holds";
import { resumeOrders } from "@/lib/orders/resume-orders";
import { resumeRefunds } from "@/lib/orders/resume-refunds";
import { wakeReviews } from "@/lib/orders/wake-reviews";
import { relayOutbox } from "@/lib/outbox/relay-outbox";
import { reviveMessages } from "@/lib/outbox/revive-messages";
import { reconcileStripe } from "@/lib/reconcile/reconcile-stripe";
import { isRunOver } from "@/lib/runs/is-run-over";
import { listDeadRuns } from "@/lib/runs/list-dead-runs";
import { resumeEvents } from "@/lib/webhooks/resume-events";
import { rows } from "../database";
import { pause } from "../processes";
import type { Staff } from "./staff";
import type { OrdersWorld } from "./world";

const minuteMs = 60_000;
/** Longer than a hold; what gave up is asked for again once an hour. */
const firstSweepMs = 45 * minuteMs;
const sweepEveryMs = 61 * minuteMs;
const sweepsMax = 5;
const standstillMs = 120_000;
const limit = 10_000;

/**
 * What happens by itself once nobody kills any more: the platform tries again, Stripe sends again, and the sweeps of the
 * hours that follow find what gave up. Those are called here with a `now` that is moved, after Stripe's own clock. Ends
 * when a sweep finds nothing to do; what hangs after that is for the checks to say.
 */
export async function settle(world: OrdersWorld, staff: Staff): Promise<{ sweeps: number; found: number }> {
  await world.webhooks.calm();
  await world.untilReady();
  await untilQuiet(world);
  await staff.finish();
  await untilQuiet(world);
  await advanceStripe(world, firstSweepMs);
  await untilQuiet(world);
  let total = 0;
  for (let n = 0; n < sweepsMax; n++) {
    const found = await sweep(new Date(Date.now() + firstSweepMs + n * sweepEveryMs));
    await untilQuiet(world);
    await staff.finish();
    await untilQuiet(world);
    if (found === 0) return { sweeps: n + 1, found: total };
    total += found;
  }
  return { sweeps: sweepsMax, found: total };
}

/** The work of all sweeps, at this time; answers how much there was. */
async function sweep(now: Date): Promise<number> {
  const { events, repaired } = await reconcileStripe({ now });
  const { expired, paid } = await expireHolds({ now, limit });
  const found = [
    await reviveMessages({ runs: await listDeadRuns({ now, pagesMax: 100 }), now }),
    await resumeOrders({ isRunOver, now, limit }),
    await resumeRefunds({ isRunOver, now, limit }),
    await resumeEvents({ isRunOver, now, limit }),
    await resumeNotices({ isRunOver, now, limit }),
    await resumeRemovals({ isRunOver, now, limit }),
    await wakeReviews({ now, limit }),
  ];
  let sent = 0;
  for (;;) {
    const relayed = await relayOutbox({ now, limit: 50 });
    if (relayed.sent === 0) break;
    sent += relayed.sent;
  }
  return [events, repaired, expired, paid, sent, ...found].reduce((sum, count) => sum + count, 0);
}

/**
 * Until no run is under way but those that wait for staff, nothing waits to be sent, and Stripe has told all it has; or
 * until none of that has changed for long.
 */
async function untilQuiet(world: OrdersWorld): Promise<void> {
  let [last, since] = ["", performance.now()];
  while (performance.now() - since < standstillMs) {
    const left = [await countRuns(world), await countMessages(world), await countUnheard(world)];
    if (left.every((count) => count === 0)) return;
    if (left.join() !== last) [last, since] = [left.join(), performance.now()];
    await pause(500);
  }
}

/** The sweeps' own runs come and go. */
async function countRuns({ triggerDatabaseUrl }: OrdersWorld): Promise<number> {
  const [row] = await rows<{ count: string }>(
    triggerDatabaseUrl,
    `select count(*) from run where execution_status <> 'FINISHED' and schedule_id is null and not exists (
       select 1 from run_wait join waitpoint on waitpoint.id = run_wait.waitpoint_id
       where run_wait.run_id = run.id and waitpoint.type = 'MANUAL')`,
  );
  return Number(row?.count);
}

/** What waits for longer than a minute waits for a sweep. */
async function countMessages({ settings }: OrdersWorld): Promise<number> {
  const [row] = await rows<{ count: string }>(
    settings.DATABASE_URL ?? "",
    "select count(*) from outbox_message where sent_at is null and available_at < now() + interval '1 minute'",
    "public",
  );
  return Number(row?.count);
}

async function countUnheard({ addresses, settings }: OrdersWorld): Promise<number> {
  const headers = { authorization: `Bearer ${settings.STRIPE_SECRET_KEY}` };
  const answer = await fetch(`${addresses.stripe}/v1/events?delivery_success=false&limit=100`, { headers });
  return ((await answer.json()) as { data: unknown[] }).data.length;
}

async function advanceStripe({ addresses }: OrdersWorld, advanceMs: number): Promise<void> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ advanceMs });
  await (await fetch(`${addresses.stripe}/_local/clock`, { method: "POST", headers, body })).arrayBuffer();
}
