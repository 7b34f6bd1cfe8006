import { channels } from "../db/channels";
import type { Tx } from "../db/database";
import { notifyQueue, notifyTimer } from "../db/notify";
import { durationMs } from "./durations";
import { type NewRun, newRunColumns } from "./new-run";
import type { Run } from "./run";
import { isSoon, type TimerKind } from "./timers";

const columns = newRunColumns.join(", ");

/**
 * Runs with their first snapshots and timers, in one statement however many they are. $1: rows; $2: timers; $3: the keys
 * of the requests that ask for runs ({ key, result: run id }). A run is left out when its idempotency key is taken, or
 * when its request was answered before. Written with `is true`, the condition on timers is looked up in a hash; as a join it
 * compares each of a batch with each.
 */
const insertSql = `
with ask as materialized (select key, result from jsonb_to_recordset($3) as ask (key text, result text)),
asked as (
  insert into request (key, result) select key, result from ask on conflict (key) do nothing returning result),
inserted as (
  insert into run (${columns})
  select ${newRunColumns.map((name) => `wanted.${name}`).join(", ")} from jsonb_populate_recordset(null::run, $1) as wanted
  left join ask on ask.result = wanted.id left join asked on asked.result = wanted.id
  where ask.key is null or asked.result is not null
  on conflict (task_id, idempotency_key) where idempotency_key is not null do nothing
  returning id, snapshot_id, execution_status, status),
written as (
  insert into snapshot (id, run_id, execution_status, run_status, description, attempt_number)
  select snapshot_id, id, execution_status, status,
    case status when 'DELAYED' then 'Run was created with a delay' else 'Run was queued' end, 0 from inserted),
timed as (
  insert into timer (kind, subject, due_at)
  select new.kind, new.subject, new.due_at from jsonb_to_recordset($2) as new (kind text, subject text, due_at timestamptz)
  where (new.subject in (select id from inserted)) is true
  on conflict (kind, subject) do update set due_at = excluded.due_at)
select id, pg_notify('${channels.queue}', '') from inserted`;

export type Asked = { key: string; result: string };

/** Stores new runs; answers with those that were not there yet. The caller decides what that means for the others. */
export async function insertRuns(tx: Tx, runs: NewRun[]): Promise<NewRun[]> {
  const inserted = await tx.prepared<{ id: string }>(insertSql, insertValues(runs, []));
  if (inserted.length === 0) return [];
  if (hasSoonTimer(runs)) notifyTimer(tx);
  notifyQueue(tx);
  const ids = new Set(inserted.map((row) => row.id));
  return runs.filter((run) => ids.has(run.id));
}

/** The same on its own, for runs that nothing else has to happen with. This process is for the caller to tell. */
export async function insertRunsAlone(db: Pick<Tx, "prepared">, runs: NewRun[], asked: Asked[]): Promise<Set<string>> {
  const inserted = await db.prepared<{ id: string }>(insertSql, insertValues(runs, asked));
  return new Set(inserted.map((row) => row.id));
}

function insertValues(runs: NewRun[], asked: Asked[]): string[] {
  return [JSON.stringify(runs), JSON.stringify(runs.flatMap((run) => firstTimer(run) ?? [])), JSON.stringify(asked)];
}

/** Whether somebody has to be told of a timer: those that are far away are found in time. */
export function hasSoonTimer(runs: NewRun[]): boolean {
  return runs.some((run) => {
    const timer = firstTimer(run);
    return timer !== undefined && isSoon(timer.due_at);
  });
}

type FirstTimer = { kind: TimerKind; subject: string; due_at: Date };

function firstTimer(run: NewRun): FirstTimer | undefined {
  if (run.delay_until && run.status === "DELAYED") return { kind: "delay", subject: run.id, due_at: run.delay_until };
  const expiresAt = expiryOf(run, run.created_at);
  return expiresAt ? { kind: "ttl", subject: run.id, due_at: expiresAt } : undefined;
}

/** When a run that is queued at this moment expires, unless an attempt begins before. */
export function expiryOf(run: Pick<Run, "ttl">, queuedAt: Date): Date | undefined {
  const ttlMs = run.ttl === null ? undefined : durationMs(run.ttl);
  return ttlMs === undefined ? undefined : new Date(queuedAt.getTime() + ttlMs);
}
