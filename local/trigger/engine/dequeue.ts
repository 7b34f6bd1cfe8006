import type { Tx } from "../db/database";
import type { Server } from "./context";
import { newId } from "./ids";
import type { Run } from "./run";
import type { SessionClaim } from "./sessions";
import { groupOf, readSlots, resumeReady, type Slots, schedulerLock } from "./slots";
import { attemptCreated, type Snapshot } from "./snapshots";
import { tasksOfWorker, type WorkerTask } from "./tasks";
import type { Worker } from "./workers";

/** Who asks for runs. A worker host names its session, and is given attempts that have begun. */
export type Claim = {
  worker: Worker;
  max: number;
  session?: SessionClaim;
  /** There was something just now: it is not worth asking first whether there is anything. */
  isLikely?: boolean;
};
export type Dequeued = { run: Run; snapshot: Snapshot; worker: Worker; task: WorkerTask };
export type HandedOut = { dequeued: Dequeued[]; variables: Record<string, string> };

const none: HandedOut = { dequeued: [], variables: {} };

/**
 * Hands queued runs to a worker: oldest first (priority counts as seconds of age), never more at once than the
 * environment, the queue and the concurrency key allow. One caller at a time decides, so that two can not both take
 * the last slot; rows that another transition holds are skipped.
 */
export async function dequeue(server: Server, claim: Claim): Promise<HandedOut> {
  // Most calls come because something may have changed, and find nothing: they should not wait for each other.
  if (!claim.isLikely && !(await isAnyQueued(server))) return none;
  return server.db.transaction(
    async (tx) => {
      const slots = await readSlots(tx);
      // Whoever has waited long enough goes before anything new.
      if (slots.areReady) await resumeReady(tx, slots);
      const free = server.settings.concurrencyMax - slots.held;
      if (free <= 0) return none;
      const picked = await pick(tx, slots, { ...claim, max: Math.min(claim.max, free) });
      if (picked.length === 0) return none;
      return { dequeued: await handOut(tx, server, claim, picked), variables: slots.variables };
    },
    { first: schedulerLock },
  );
}

async function isAnyQueued({ db }: Server): Promise<boolean> {
  const [any] = await db.prepared(
    `select 1 where exists (select 1 from run where execution_status = 'QUEUED' and available_at <= now())
       or exists (select 1 from run where resume_ready_at is not null)`,
  );
  return any !== undefined;
}

type Candidate = Pick<Run, "id" | "queue" | "concurrency_key" | "task_id">;

/**
 * A run locked to a version that the caller's has replaced runs on the caller's: the old code is gone. One that is locked
 * to newer code waits for that, unless it is the same: each of several hosts of one project registers its own version.
 */
const candidatesSql = `select id, queue, concurrency_key, task_id from run
  where execution_status = 'QUEUED' and available_at <= now()
    and task_id in (select task_id from worker_task where worker_id = $1)
    and (locked_to_version is null or locked_to_version = $2 or not exists
         (select 1 from worker newer join worker own on own.id = $1
          where newer.version = locked_to_version and newer.seen_at > now() - interval '30 seconds'
            and newer.seq > own.seq and newer.content_hash <> own.content_hash))
    and queue <> all($3)
    and (queue || chr(1) || coalesce(concurrency_key, '')) <> all($4)
    and id <> all($5)
  order by queue_time, number limit $6
  for update skip locked`;

async function pick(tx: Tx, slots: Slots, { worker, max }: Claim): Promise<Candidate[]> {
  const picked: Candidate[] = [];
  // Each round sees only queues with room; a queue that fills up during a round is left out of the next.
  for (let limit = max; picked.length < max; limit = max * 4) {
    const candidates = await tx.prepared<Candidate>(candidatesSql, [
      worker.id,
      worker.version,
      slots.closedQueues,
      slots.full(),
      picked.map((run) => run.id),
      limit,
    ]);
    for (const candidate of candidates) {
      if (picked.length < max && slots.take(groupOf(candidate))) picked.push(candidate);
    }
    if (candidates.length < limit) break;
  }
  return picked;
}

/** What both kinds of workers have in common: the run belongs to this version of the code, with its settings. */
const settle = `worker_id = $3, worker_version = $4, started_at = coalesce(started_at, clock_timestamp()),
  max_attempts = coalesce(run.max_attempts, picked.max_attempts, 1),
  max_duration = coalesce(run.max_duration, picked.max_duration),
  machine = coalesce(run.machine, picked.machine, 'small-1x')`;

const handOutSql = (claimant: string, changes: string, description: string, timers: string) => `
with claimant as materialized (${claimant}),
changed as (
  update run set ${changes}, snapshot_id = picked.snapshot_id, ${settle}
  from unnest($1::text[], $2::text[], $6::integer[], $7::integer[], $8::text[])
    as picked (id, snapshot_id, max_attempts, max_duration, machine), claimant
  where run.id = picked.id returning run.*),
written as (
  insert into snapshot (id, run_id, execution_status, run_status, description, attempt_number)
  select snapshot_id, id, execution_status, status, '${description}', attempt_number from changed
  returning run_id, created_at as snapshot_created_at),
${timers}
select changed.*, snapshot_created_at from changed join written on run_id = id`;

/** Handed to `trigger dev`, which starts the attempt itself, or loses the run when it does not in time. */
const toCommandLine = handOutSql(
  "select 1",
  "status = 'DEQUEUED', execution_status = 'PENDING_EXECUTING', session_id = null",
  "Run was dequeued for execution",
  `timed as (
  insert into timer (kind, subject, due_at) select 'stalled', id, now() + $5 * interval '1 millisecond' from changed
  on conflict (kind, subject) do update set due_at = excluded.due_at)`,
);

/**
 * Handed to a host whose session answers for it: the attempt begins here. A session that has just ended, or whose
 * host has said another hello, gets nothing: nobody would notice the run's loss. Timers that fire this moment are skipped.
 */
const toSession = handOutSql(
  "select 1 from session where id = $5 and hello = $9 for share",
  `status = 'EXECUTING', execution_status = 'EXECUTING', session_id = $5, attempt_number = attempt_number + 1,
   executed_at = coalesce(executed_at, clock_timestamp()), attempt_started_at = clock_timestamp()`,
  attemptCreated,
  `cleared as (
  delete from timer where (kind, subject) in
    (select kind, subject from timer where subject = any(array(select id from changed)) and kind in ('ttl', 'stalled', 'retry') for update skip locked))`,
);

async function handOut(
  tx: Tx,
  { settings }: Server,
  { worker, session }: Claim,
  picked: Candidate[],
): Promise<Dequeued[]> {
  const tasks = await tasksOfWorker(tx, worker.id);
  const rows = await tx.prepared<Run & { snapshot_created_at: Date }>(session ? toSession : toCommandLine, [
    picked.map((run) => run.id),
    picked.map(() => newId()),
    worker.id,
    worker.version,
    session ? session.session : settings.pendingStallMs,
    picked.map((run) => tasks.get(run.task_id)?.max_attempts ?? null),
    picked.map((run) => tasks.get(run.task_id)?.max_duration ?? null),
    picked.map((run) => tasks.get(run.task_id)?.machine?.preset ?? null),
    ...(session ? [session.hello] : []),
  ]);
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  return picked.flatMap(({ id, task_id }) => {
    const row = rowOf.get(id);
    const task = tasks.get(task_id);
    if (!row || !task) return [];
    const { snapshot_created_at, ...run } = row;
    return [{ run, task, worker, snapshot: snapshotOf(run, snapshot_created_at) }];
  });
}

function snapshotOf(run: Run, createdAt: Date): Snapshot {
  return {
    id: run.snapshot_id ?? "",
    run_id: run.id,
    execution_status: run.execution_status,
    run_status: run.status,
    description: "",
    attempt_number: run.attempt_number,
    previous_id: null,
    completed_waitpoints: [],
    created_at: createdAt,
  };
}
