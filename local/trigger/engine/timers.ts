import type { Tx } from "../db/database";
import { notifyTimer } from "../db/notify";

export type TimerKind = "delay" | "ttl" | "waitpoint" | "retry" | "stalled" | "session" | "cancel" | "schedule";

/** Sets or moves a timer. It survives everything but its own firing. */
export async function setTimer(tx: Tx, kind: TimerKind, subject: string, dueAt: Date): Promise<void> {
  await tx.query(
    `insert into timer (kind, subject, due_at) values ($1, $2, $3)
     on conflict (kind, subject) do update set due_at = excluded.due_at`,
    [kind, subject, dueAt],
  );
  if (isSoon(dueAt)) notifyTimer(tx);
}

/**
 * Removes timers that are no longer needed. One that is firing this moment is skipped instead of waited for:
 * its handler waits for the run's lock which we hold, and will find nothing to do.
 */
export async function clearTimers(tx: Tx, subject: string, kinds: TimerKind[]): Promise<void> {
  await tx.query(
    `delete from timer where (kind, subject) in
       (select kind, subject from timer where subject = $1 and kind = any($2) for update skip locked)`,
    [subject, kinds],
  );
}

/** A timer that is far away is found by the poll in time; saying nothing about it saves a wake-up per run. */
export function isSoon(dueAt: Date): boolean {
  return dueAt.getTime() - Date.now() < 6_000;
}
