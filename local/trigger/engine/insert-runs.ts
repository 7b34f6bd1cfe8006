import type { Tx } from "../db/database";
import { notifyQueue, notifyTimer } from "../db/notify";
import { durationMs } from "./durations";
import { type NewRun, newRunColumns } from "./new-run";
import type { Run } from "./run";
import { isSoon } from "./timers";

const columns = newRunColumns.join(", ");

/**
 * Stores new runs with their first snapshots and timers, in a fixed number of statements however many they are.
 * A run whose idempotency key is taken is left out of the answer; the caller decides what that means.
 */
export async function insertRuns(tx: Tx, runs: NewRun[]): Promise<Run[]> {
  const inserted = await tx.query<Run>(
    `insert into run (${columns}) select ${columns} from jsonb_populate_recordset(null::run, $1)
     on conflict (task_id, idempotency_key) where idempotency_key is not null do nothing
     returning *`,
    [JSON.stringify(runs)],
  );
  if (inserted.length === 0) return [];
  await tx.query(
    `insert into snapshot (id, run_id, execution_status, run_status, description, attempt_number)
     select id, run_id, status, run_status, description, 0
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as new (id, run_id, status, run_status, description)`,
    [
      inserted.map((run) => run.snapshot_id),
      inserted.map((run) => run.id),
      inserted.map((run) => run.execution_status),
      inserted.map((run) => run.status),
      inserted.map((run) => (run.status === "DELAYED" ? "Run was created with a delay" : "Run was queued")),
    ],
  );
  await insertTimers(tx, inserted);
  await notifyQueue(tx);
  return inserted;
}

async function insertTimers(tx: Tx, runs: Run[]): Promise<void> {
  const timers = runs.flatMap((run) => firstTimer(run) ?? []);
  if (timers.length === 0) return;
  await tx.query(
    `insert into timer (kind, subject, due_at) select * from unnest($1::text[], $2::text[], $3::timestamptz[])
     on conflict (kind, subject) do update set due_at = excluded.due_at`,
    [timers.map((timer) => timer.kind), timers.map((timer) => timer.subject), timers.map((timer) => timer.dueAt)],
  );
  if (timers.some((timer) => isSoon(timer.dueAt))) await notifyTimer(tx);
}

function firstTimer(run: Run) {
  if (run.delay_until && run.status === "DELAYED") return { kind: "delay", subject: run.id, dueAt: run.delay_until };
  const expiresAt = expiryOf(run, run.created_at);
  return expiresAt ? { kind: "ttl", subject: run.id, dueAt: expiresAt } : undefined;
}

/** When a run that is queued at this moment expires, unless an attempt begins before. */
export function expiryOf(run: Pick<Run, "ttl">, queuedAt: Date): Date | undefined {
  const ttlMs = run.ttl === null ? undefined : durationMs(run.ttl);
  return ttlMs === undefined ? undefined : new Date(queuedAt.getTime() + ttlMs);
}
