import { type Database, isUnreachable } from "../db/database";
import { type Asked, hasSoonTimer, insertRunsAlone } from "./insert-runs";
import type { NewRun } from "./new-run";

/** Stores one run; false when it was not stored, because its key is taken or its request was answered before. */
export type InsertRun = (run: NewRun, requestKey: string | undefined) => Promise<boolean>;

type Waiting = {
  run: NewRun;
  requestKey: string | undefined;
  resolve: (stored: boolean) => void;
  reject: (error: unknown) => void;
};

/** More at once make no statement cheaper per run, and all of them wait for the slowest. */
const groupMax = 200;
/** While one statement waits for the disk, the next is being prepared. */
const flightsMax = 2;

/**
 * Stores runs that are asked for at the same time in one statement: at rest each goes at once, under load they wait for
 * the disk together. `false` also when the statement was refused: the caller then tries alone, and learns of its own
 * fault. When the database is away nobody knows whether the runs were stored: that is for the client to ask again.
 */
export function createRunInserter(db: Database): InsertRun {
  let waiting: Waiting[] = [];
  let flights = 0;

  async function fly(): Promise<void> {
    flights++;
    while (waiting.length > 0) {
      const group = waiting.slice(0, groupMax);
      waiting = waiting.slice(groupMax);
      try {
        const stored = await store(db, group);
        for (const { run, resolve } of group) resolve(stored.has(run.id));
      } catch (error) {
        for (const { resolve, reject } of group) isUnreachable(error) ? reject(error) : resolve(false);
      }
    }
    flights--;
  }

  return (run, requestKey) =>
    new Promise((resolve, reject) => {
      waiting.push({ run, requestKey, resolve, reject });
      // What else arrives in this turn of the event loop joins the group.
      if (flights < flightsMax) setImmediate(() => void (flights < flightsMax && fly()));
    });
}

async function store(db: Database, group: Waiting[]): Promise<Set<string>> {
  // In the order of their keys: two groups that share some must not wait for each other.
  const keyOf = (run: NewRun) => `${run.task_id} ${run.idempotency_key ?? ""}`;
  const runs = group.map(({ run }) => run).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const asked: Asked[] = group.flatMap(({ run, requestKey }) =>
    requestKey ? [{ key: requestKey, result: run.id }] : [],
  );
  const stored = await insertRunsAlone(db, runs, asked);
  if (stored.size > 0) {
    // The statement told all others of the queue. A timer is ours to fire: they would find it in time if we died.
    const messages = hasSoonTimer(runs) ? (["queue", "timer"] as const) : (["queue"] as const);
    db.announce(messages.map((channel) => ({ channel, payload: "" })));
  }
  return stored;
}
