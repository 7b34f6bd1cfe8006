import { pause } from "../db/listener";
import type { Server } from "../engine/context";

const rowsMax = 2_000;
const restMs = 25;

/**
 * Removes spans and log lines that came before a date, also those of runs that are still there or never were. A run
 * that is removed takes its own along. May be repeated and raced.
 */
export async function removeOldTraces({ db, closing }: Pick<Server, "db" | "closing">, before: Date): Promise<void> {
  for (const table of ["span", "log_line"]) {
    while (!closing.aborted) {
      const removed = await db.query(
        `delete from ${table} where ctid = any(array(
           select ctid from ${table} where received_at < $1 limit $2 for update skip locked)) returning 1`,
        [before, rowsMax],
      );
      if (removed.length < rowsMax) break;
      await pause(restMs, closing);
    }
  }
}
