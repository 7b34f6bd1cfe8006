import type { Tx } from "../db/database";
import { notifyQueue, notifyWorker } from "../db/notify";
import { newId } from "./ids";
import { Refusal } from "./refusal";
import { lockRun, type Run, updateRun } from "./run";
import { type CompletedRef, transition } from "./snapshots";
import { isFinal } from "./status";
import { clearTimers, setTimer } from "./timers";

export type Waitpoint = {
  id: string;
  type: "RUN" | "DATETIME" | "MANUAL" | "BATCH";
  status: "PENDING" | "COMPLETED";
  run_id: string | null;
  batch_id: string | null;
  completed_after: Date | null;
  completed_at: Date | null;
  output: string | null;
  output_type: string;
  output_is_error: boolean;
  idempotency_key: string | null;
  user_key: string | null;
  key_expires_at: Date | null;
  tags: string[];
  created_at: Date;
};

export type WaitpointOutput = { output: string | null; outputType?: string; isError?: boolean };

/** One thing a run waits for; index says which item of which batch it is. */
export type Blocker = { waitpointId: string; batchId?: string; index?: number };

/** The waitpoint that ends with the run; made when first asked for, and already complete if the run is over. */
export async function waitpointOfRun(tx: Tx, { id }: Pick<Run, "id">): Promise<string> {
  const [made] = await tx.query<{ id: string }>(
    `insert into waitpoint (id, type, run_id) values ($1, 'RUN', $2)
     on conflict (run_id) do update set run_id = excluded.run_id returning id`,
    [newId(), id],
  );
  if (!made) throw new Error("insert returned no row");
  // Read under a lock, whatever the caller knew: either the run is over here, or whoever ends it sees the waitpoint.
  const [run] = await tx.query<EndedRun & Pick<Run, "execution_status">>(
    "select status, execution_status, output, output_type, error from run where id = $1 for share",
    [id],
  );
  if (run && isFinal(run.status) && run.execution_status === "FINISHED")
    await completeWaitpoint(tx, made.id, outputOfRun(run));
  return made.id;
}

type EndedRun = Pick<Run, "status" | "output" | "output_type" | "error">;

/** What a finished run tells the run that waits for it. */
export function outputOfRun(run: EndedRun): WaitpointOutput {
  if (run.status === "COMPLETED_SUCCESSFULLY") return { output: run.output, outputType: run.output_type };
  return { output: JSON.stringify(run.error), outputType: "application/json", isError: true };
}

/**
 * Blocks a locked run until every given waitpoint is complete. The share lock on the waitpoints decides the race with
 * their completion: either we see them complete here, or the one who completes them sees our rows.
 */
export async function blockRun(tx: Tx, run: Run, blockers: Blocker[]): Promise<void> {
  if (run.execution_status !== "EXECUTING" && run.execution_status !== "EXECUTING_WITH_WAITPOINTS") {
    throw new Refusal(422, `A run can not wait while it is ${run.execution_status}`);
  }
  await tx.query(
    `insert into run_wait (run_id, waitpoint_id, batch_id, batch_index)
     select $1, waitpoint_id, batch_id, batch_index from unnest($2::text[], $3::text[], $4::int[]) as new (waitpoint_id, batch_id, batch_index)
     on conflict do nothing`,
    [
      run.id,
      blockers.map((b) => b.waitpointId),
      blockers.map((b) => b.batchId ?? null),
      blockers.map((b) => b.index ?? -1),
    ],
  );
  await tx.query("select id from waitpoint where id = any($1) order by id for share", [
    blockers.map((b) => b.waitpointId),
  ]);
  let blocked = run;
  if (run.execution_status === "EXECUTING") {
    ({ run: blocked } = await transition(tx, run, {
      to: "EXECUTING_WITH_WAITPOINTS",
      description: "Run was blocked by a waitpoint.",
    }));
    notifyWorker(tx, run.id);
    // Waiting gives the concurrency slot to somebody else.
    notifyQueue(tx);
  }
  await continueIfUnblocked(tx, blocked);
}

/** Completes a waitpoint and lets go on who waited only for it. False if it was complete before: then nothing changes. */
export async function completeWaitpoint(
  tx: Tx,
  id: string,
  { output, outputType, isError }: WaitpointOutput,
): Promise<boolean> {
  const [completed] = await tx.query<{ id: string }>(
    `update waitpoint set status = 'COMPLETED', completed_at = clock_timestamp(), output = $2, output_type = $3, output_is_error = $4
     where id = $1 and status = 'PENDING' returning id`,
    [id, output, outputType ?? "application/json", isError ?? false],
  );
  if (!completed) return false;
  await clearTimers(tx, id, ["waitpoint"]);
  const waiting = await tx.query<{ run_id: string }>(
    "select distinct run_id from run_wait where waitpoint_id = $1 order by run_id",
    [id],
  );
  for (const { run_id } of waiting) {
    const run = await lockRun(tx, run_id);
    if (run) await continueIfUnblocked(tx, run);
  }
  return true;
}

async function continueIfUnblocked(tx: Tx, run: Run): Promise<void> {
  if (run.execution_status !== "EXECUTING_WITH_WAITPOINTS") return;
  const [pending] = await tx.query(
    `select 1 from run_wait join waitpoint on waitpoint.id = waitpoint_id
     where run_wait.run_id = $1 and waitpoint.status = 'PENDING' limit 1`,
    [run.id],
  );
  if (pending) return;
  const [limit] = await tx.query(
    "select 1 from queue where name = $1 and coalesce(override_limit, base_limit) is not null",
    [run.queue],
  );
  if (!limit) return continueRun(tx, run);
  // The slot was given away while waiting; the scheduler hands one back, before it starts anything new.
  await updateRun(tx, run.id, { resume_ready_at: run.resume_ready_at ?? new Date() });
  notifyQueue(tx);
}

/** Puts a locked run whose waitpoints are all complete back to work. */
export async function continueRun(tx: Tx, run: Run): Promise<void> {
  const waits = await tx.query<{ waitpoint_id: string; batch_id: string | null; batch_index: number }>(
    "delete from run_wait where run_id = $1 returning waitpoint_id, batch_id, batch_index",
    [run.id],
  );
  const completed: CompletedRef[] = waits.map(({ waitpoint_id, batch_id, batch_index }) =>
    batch_id === null || batch_index < 0
      ? { id: waitpoint_id }
      : { id: waitpoint_id, index: batch_index, batch: batch_id },
  );
  await transition(tx, run, {
    to: "EXECUTING",
    description: "Run was continued, whilst still executing.",
    changes: { resume_ready_at: null },
    completed,
  });
  notifyWorker(tx, run.id);
}

/** A waitpoint that completes by itself at a date. */
export async function createDateWaitpoint(
  tx: Tx,
  date: Date,
  key?: { key: string; expiresAt: Date },
): Promise<{ id: string; isCached: boolean }> {
  if (key) await freeExpiredKey(tx, key.key);
  const id = newId();
  const [made] = await tx.query<{ id: string }>(
    `insert into waitpoint (id, type, completed_after, idempotency_key, user_key, key_expires_at)
     values ($1, 'DATETIME', $2, $3, $3, $4)
     on conflict (idempotency_key) do update set idempotency_key = excluded.idempotency_key returning id`,
    [id, date, key?.key ?? null, key?.expiresAt ?? null],
  );
  if (!made) throw new Error("insert returned no row");
  if (made.id === id) await setTimer(tx, "waitpoint", id, date);
  return { id: made.id, isCached: made.id !== id };
}

/** Forgets a key whose time is over, so that it can be used again. */
export async function freeExpiredKey(tx: Tx, key: string): Promise<void> {
  await tx.query("update waitpoint set idempotency_key = null where idempotency_key = $1 and key_expires_at < now()", [
    key,
  ]);
}
