import type { Tx } from "../db/database";
import type { Server } from "./context";
import { newId } from "./ids";
import type { Run } from "./run";
import { fullGroups, groupOf, heldCount, lockScheduler, resumeReady } from "./slots";
import type { Snapshot } from "./snapshots";
import type { WorkerTask } from "./tasks";
import type { Worker } from "./workers";

export type Dequeued = { run: Run; snapshot: Snapshot; worker: Worker; task: WorkerTask };

const batchMax = 10;

/**
 * Hands queued runs to a worker: oldest first (priority counts as seconds of age), never more at once than the
 * environment, the queue and the concurrency key allow. One caller at a time decides, so that two can not both take
 * the last slot; rows that another transition holds are skipped.
 */
export async function dequeue(server: Server, worker: Worker): Promise<Dequeued[]> {
  return server.db.transaction(async (tx) => {
    await lockScheduler(tx);
    // Whoever has waited long enough goes before anything new.
    await resumeReady(tx);
    const free = server.settings.concurrencyMax - (await heldCount(tx));
    if (free <= 0) return [];
    const picked = await pick(tx, worker, Math.min(batchMax, free));
    if (picked.length === 0) return [];
    return handOut(tx, server, worker, picked);
  });
}

type Candidate = Pick<Run, "id" | "queue" | "concurrency_key" | "task_id">;

/** A run locked to a version that the caller's has replaced runs on the caller's: the old code is gone. */
async function pick(tx: Tx, worker: Worker, max: number): Promise<Candidate[]> {
  const groups = await fullGroups(tx);
  const picked: Candidate[] = [];
  // Each round sees only queues with room; a queue that fills up during a round is left out of the next.
  while (picked.length < max) {
    const candidates = await tx.query<Candidate>(
      `select id, queue, concurrency_key, task_id from run
       where execution_status = 'QUEUED' and available_at <= now()
         and task_id in (select task_id from worker_task where worker_id = $1)
         and (locked_to_version is null or locked_to_version = $2 or not exists
              (select 1 from worker newer where newer.version = locked_to_version and newer.seen_at > now() - interval '30 seconds'
                 and newer.seq > (select seq from worker where id = $1)))
         and queue <> all($3)
         and (queue || chr(1) || coalesce(concurrency_key, '')) <> all($4)
         and id <> all($5)
       order by queue_time, number limit $6
       for update skip locked`,
      [worker.id, worker.version, groups.closedQueues, groups.full(), picked.map((run) => run.id), max * 4],
    );
    if (candidates.length === 0) break;
    for (const candidate of candidates) {
      if (picked.length < max && groups.take(groupOf(candidate))) picked.push(candidate);
    }
  }
  return picked;
}

async function handOut(tx: Tx, server: Server, worker: Worker, picked: Candidate[]): Promise<Dequeued[]> {
  const tasks = await tx.query<WorkerTask>("select * from worker_task where worker_id = $1 and task_id = any($2)", [
    worker.id,
    picked.map((run) => run.task_id),
  ]);
  const ids = picked.map((run) => run.id);
  const snapshotIds = picked.map(() => newId());
  const runs = await tx.query<Run>(
    `update run set status = 'DEQUEUED', execution_status = 'PENDING_EXECUTING', snapshot_id = picked.snapshot_id,
       worker_id = $3, worker_version = $4, started_at = coalesce(started_at, clock_timestamp()),
       max_attempts = coalesce(run.max_attempts, task.max_attempts, 1),
       max_duration = coalesce(run.max_duration, task.max_duration),
       machine = coalesce(run.machine, task.machine ->> 'preset', 'small-1x')
     from unnest($1::text[], $2::text[]) as picked (id, snapshot_id), worker_task task
     where run.id = picked.id and task.worker_id = $3 and task.task_id = run.task_id
     returning run.*`,
    [ids, snapshotIds, worker.id, worker.version],
  );
  const snapshots = await tx.query<Snapshot>(
    `insert into snapshot (id, run_id, execution_status, run_status, description, attempt_number)
     select snapshot_id, id, 'PENDING_EXECUTING', 'DEQUEUED', 'Run was dequeued for execution', attempt_number
     from run where id = any($1) returning *`,
    [ids],
  );
  await tx.query(
    `insert into timer (kind, subject, due_at) select 'stalled', id, now() + $2 * interval '1 millisecond' from unnest($1::text[]) as id
     on conflict (kind, subject) do update set due_at = excluded.due_at`,
    [ids, server.settings.pendingStallMs],
  );
  return ids.flatMap((id) => {
    const run = runs.find((row) => row.id === id);
    const snapshot = snapshots.find((row) => row.run_id === id);
    const task = tasks.find((row) => row.task_id === run?.task_id);
    return run && snapshot && task ? [{ run, snapshot, worker, task }] : [];
  });
}
