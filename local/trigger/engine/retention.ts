import { isUnreachable, type Tx } from "../db/database";
import { pause } from "../db/listener";
import { removeOldTraces } from "../traces/remove-old-traces";
import type { Server } from "./context";
import { type Removable, removables } from "./removable";

/** Rows looked at, and at most removed, in one transaction. */
const rowsMax = 200;
/** Between two transactions: whoever has work to do goes first. */
const restMs = 25;
const firstMs = 5_000;
const everyMaxMs = 60 * 60_000;

/** A place in the order of age. The time is text: a Date would round it, and the row at hand would come again. */
type Place = { at: string; key: string };
const oldest: Place = { at: "-infinity", key: "" };

/**
 * Removes what ended longer ago than `retentionMs`, now and then, until the server closes. Servers that share a
 * database may all do it: rows that another one holds are skipped.
 */
export function startRetention(server: Server): { done: Promise<void> } {
  const { retentionMs } = server.settings;
  if (retentionMs === null) return { done: Promise.resolve() };
  const everyMs = Math.min(everyMaxMs, Math.max(100, retentionMs / 10));
  const loop = async () => {
    await pause(Math.min(firstMs, everyMs), server.closing);
    while (!server.closing.aborted) {
      try {
        await removeOld(server, new Date(Date.now() - retentionMs));
      } catch (error) {
        if (!server.closing.aborted && !isUnreachable(error))
          console.error(
            `trigger-local: old runs could not be removed, the next try is in ${Math.ceil(everyMs / 1_000)} s: ${error instanceof Error ? error.message : String(error)}`,
          );
      }
      await pause(everyMs, server.closing);
    }
  };
  return { done: loop() };
}

/** Removes what ended before a date and is not needed any more. May be repeated and raced. */
export async function removeOld(server: Pick<Server, "db" | "closing">, before: Date): Promise<void> {
  await removeOldTraces(server, before);
  for (const removable of removables) {
    // Children become free when their parents are gone: once more, as long as there was something.
    while ((await removeOnce(server, removable, before)) > 0 && !server.closing.aborted);
  }
}

/** One walk through a table by age, oldest first; the number of rows removed. */
async function removeOnce({ db, closing }: Pick<Server, "db" | "closing">, removable: Removable, before: Date) {
  let removed = 0;
  let place: Place | undefined = oldest;
  while (place && !closing.aborted) {
    const after: Place = place;
    const step = await db.transaction((tx) => removeSome(tx, removable, before, after));
    removed += step.removed;
    place = step.next;
    if (place) await pause(restMs, closing);
  }
  return removed;
}

/** A bounded number of rows: however much is kept or removed, no transaction is long and none waits for a row. */
async function removeSome(tx: Tx, removable: Removable, before: Date, after: Place) {
  const { table, key, since, scope, unneeded, clear } = removable;
  const seen = await tx.query<Place>(
    `select ${since}::text as at, ${key} as key from ${table}
     where ${scope} and ${since} < $1 and (${since}, ${key}) > ($2::timestamptz, $3) order by ${since}, ${key} limit $4`,
    [before, after.at, after.key, rowsMax],
  );
  const next = seen.length === rowsMax ? seen.at(-1) : undefined;
  const locked = await keysOf(tx, `${scope} and ${unneeded} for update of ${table} skip locked`);
  // Asked again with the locks held: somebody may have begun to need a row while we took its lock.
  const free = locked.length > 0 ? await keysOf(tx, unneeded, locked) : [];
  if (free.length === 0) return { removed: 0, next };
  if (clear && !(await clear(tx, free))) return { removed: 0, next: after };
  await tx.query(`delete from ${table} where ${key} = any($1)`, [free]);
  return { removed: free.length, next };

  async function keysOf(reader: Tx, condition: string, among = seen.map((row) => row.key)): Promise<string[]> {
    const rows = await reader.query<{ key: string }>(
      `select ${key} as key from ${table} where ${key} = any($1) and ${condition}`,
      [among],
    );
    return rows.map((row) => row.key);
  }
}
