import { audit } from "@/audit/audit";
import { db } from "@/lib/db/client";
import { expireHolds } from "@/lib/orders/expire-holds";
import { pause } from "../processes";
import type { MovedClock } from "./clock";
import { workOff } from "./work-off";

const messagesMaxMs = 60_000;

/** Until the store has kept so many messages of Stripe's of this type. False when they do not come. */
export async function untilHeard(type: string, count: number): Promise<boolean> {
  const until = Date.now() + messagesMaxMs;
  while (Date.now() < until) {
    if ((await db().stripeEvent.count({ where: { type } })) >= count) return true;
    await pause(50);
  }
  return false;
}

/** Ends all holds that are over, while the background works, and until nothing is left to do. */
export async function sweepUp(clock: MovedClock): Promise<string[]> {
  const failures: string[] = [];
  for (;;) {
    const [swept, worked] = await Promise.all([expireHolds({ now: clock.now(), limit: 1_000 }), workOff(clock.now)]);
    failures.push(...worked);
    if (swept.failed > 0) failures.push(`${swept.failed} orders could not be ended`);
    if (swept.expired + swept.paid === 0) return [...failures, ...(await workOff(clock.now))];
  }
}

/** How often Postgres ended a circle of waiting, in this database. */
export async function countDeadlocks(): Promise<number> {
  await pause(1_500); // its sessions tell their figures once a second
  const [row] = await db().$queryRaw<{ deadlocks: bigint }[]>`
    select deadlocks from pg_stat_database where datname = current_database()`;
  return Number(row?.deadlocks ?? -1);
}

/** What the independent checker finds at this moment, as sentences. */
export async function auditNow(now: Date): Promise<string[]> {
  const { invariants } = await audit({
    databaseUrl: process.env.DATABASE_URL ?? "",
    stripe: { key: process.env.STRIPE_SECRET_KEY ?? "", url: process.env.STRIPE_API_URL },
    now,
  });
  return invariants.flatMap(({ name, violations, examples }) =>
    violations > 0 ? [`audit, ${name}: ${violations} violations`, ...examples] : [],
  );
}
