import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { setCrashTrap } from "@/lib/crash-point";
import { closeDb } from "@/lib/db/client";
import type { Death, Life, Mortal } from "./mortal";
import { runStep } from "./steps";

type Attempt = { passed: string[]; death: Death | undefined; isDead: boolean; die: () => void };

const name = "shopfloor-mortal";
const ofTheDead = "pg_stat_activity where datname = current_database() and application_name = $1";
const never = new Promise<never>(() => undefined);

/** The address by which the connections of what may die are told from others. */
export function mortalAddress(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set("application_name", name);
  return url.href;
}

/**
 * Dies without a process of its own: from the deadly point on nothing of the attempt goes on, neither there nor at the
 * next point that another branch of it comes by, no `catch` and no `finally` runs, and Postgres ends its connections with
 * whatever they had not committed. Since every effect has a point before it, none can follow.
 */
export function mortalInProcess(databaseUrl: string): Mortal {
  const attempts = new AsyncLocalStorage<Attempt>();
  setCrashTrap(
    (point) => {
      const attempt = attempts.getStore();
      if (!attempt) return;
      if (attempt.isDead) return never;
      attempt.passed.push(point);
      const { death } = attempt;
      if (point !== death?.point || attempt.passed.filter((passed) => passed === point).length < death.passing) return;
      attempt.isDead = true;
      attempt.die();
      return never;
    },
    { everywhere: true },
  );
  return {
    async live(step, death): Promise<Life> {
      const attempt: Attempt = { passed: [], death, isDead: false, die: () => undefined };
      const died = new Promise<"died">((resolve) => {
        attempt.die = () => resolve("died");
      });
      const living = attempts.run(attempt, () => runStep(step.name, step.input, step.clockMs));
      // Another branch of a dead attempt may stumble over its lost connection.
      living.catch(() => undefined);
      const end = await Promise.race([died, living]);
      if (attempt.isDead) await bury(databaseUrl);
      return { passed: attempt.passed, end: attempt.isDead ? "died" : end };
    },
    async close() {
      setCrashTrap(undefined);
      await closeDb();
    },
  };
}

/** What a killed process leaves behind in Postgres: nothing. */
async function bury(databaseUrl: string): Promise<void> {
  // A call that another branch had under way arrives, as it would with the process gone.
  await pause(5);
  const client = new pg.Client({ connectionString: databaseUrl, application_name: "undertaker" });
  await client.connect();
  try {
    await client.query(`select pg_terminate_backend(pid) from ${ofTheDead}`, [name]);
    // Postgres' own waiting looks at one connection after the other, and at each only every tenth of a second.
    while ((await client.query(`select from ${ofTheDead}`, [name])).rowCount !== 0) await pause(2);
  } finally {
    await client.end();
  }
  // Not awaited: it never resolves where a connection is lent to the dead.
  void closeDb();
}
