import type { Tx } from "../db/database";
import { durationMs } from "./durations";
import type { NewRun, TriggerOptions } from "./new-run";
import { Refusal } from "./refusal";
import { moveDelayed } from "./reschedule-run";
import { lockRun, type Run, updateRun } from "./run";
import { isFailure } from "./status";
import type { Inserted } from "./trigger-run";

export type Debounce = NonNullable<TriggerOptions["debounce"]>;

type Debounced = {
  candidate: NewRun;
  debounce: Debounce | undefined;
  /** Makes the new run, or finds the one that has its idempotency key. */
  insert: () => Promise<Inserted>;
};

/**
 * A trigger with a debounce key pushes the delayed run that has the key back instead of making a new one. A run that
 * is no longer delayed, or could not be pushed without going beyond `maxDelay`, is left alone: then the new run gets
 * the key. An idempotency key that is in use goes first.
 */
export async function insertDebounced(tx: Tx, { candidate, debounce, insert }: Debounced): Promise<Inserted> {
  if (!debounce) return insert();
  const delayMs = requireDuration("delay", debounce.delay);
  const maxMs = debounce.maxDelay === undefined ? undefined : requireDuration("maxDelay", debounce.maxDelay);
  const used = await findUsed(tx, candidate);
  if (used) return { run: used, isCached: true };

  const held = await lockKey(tx, candidate.task_id, debounce.key);
  if (held?.execution_status === "DELAYED") {
    const until = new Date(candidate.created_at.getTime() + delayMs);
    if (maxMs === undefined || until.getTime() <= held.created_at.getTime() + maxMs) {
      return {
        run: await push(tx, held, candidate, { until, isTrailing: debounce.mode === "trailing" }),
        isCached: false,
      };
    }
  }
  const triggered = await insert();
  await tx.query("update debounce set run_id = $3 where task_id = $1 and key = $2", [
    candidate.task_id,
    debounce.key,
    triggered.run.id,
  ]);
  return triggered;
}

/** Whoever triggers with the same key at the same time waits here until the first has made or pushed its run. */
async function lockKey(tx: Tx, taskId: string, key: string): Promise<Run | null> {
  const [row] = await tx.query<{ run_id: string | null }>(
    `insert into debounce (task_id, key) values ($1, $2)
     on conflict (task_id, key) do update set key = excluded.key returning run_id`,
    [taskId, key],
  );
  return row?.run_id ? lockRun(tx, row.run_id) : null;
}

async function findUsed(tx: Tx, { task_id, idempotency_key }: NewRun): Promise<Run | undefined> {
  if (idempotency_key === null) return undefined;
  const [run] = await tx.query<Run>(
    "select * from run where task_id = $1 and idempotency_key = $2 and idempotency_key_expires_at > now() for share",
    [task_id, idempotency_key],
  );
  return run && !isFailure(run.status) ? run : undefined;
}

/** Later, never earlier. With `trailing` the run also gets what the newest trigger brought, and keeps what it left out. */
async function push(tx: Tx, run: Run, newest: NewRun, { until, isTrailing }: { until: Date; isTrailing: boolean }) {
  const isLater = run.delay_until === null || until > run.delay_until;
  const pushed = isLater ? await moveDelayed(tx, run, until) : run;
  if (!isTrailing) return pushed;
  return updateRun(tx, run.id, {
    payload: newest.payload,
    payload_type: newest.payload_type,
    ...(newest.metadata === null ? {} : metadataOf(newest)),
    ...(newest.tags.length === 0 ? {} : { tags: newest.tags }),
    ...(newest.max_attempts === null ? {} : { max_attempts: newest.max_attempts }),
    ...(newest.max_duration === null ? {} : { max_duration: newest.max_duration }),
    ...(newest.machine === null ? {} : { machine: newest.machine }),
  });
}

function metadataOf({ metadata, metadata_type, seed_metadata, seed_metadata_type }: NewRun) {
  return { metadata, metadata_type, seed_metadata, seed_metadata_type };
}

/** It is applied anew with each trigger, so a date would mean nothing. */
function requireDuration(name: string, text: string): number {
  const ms = durationMs(text);
  if (ms === undefined)
    throw new Refusal(422, `Invalid debounce ${name}: "${text}". Use for example 5s, 1m, 2h, 3d or 1w.`);
  return ms;
}
