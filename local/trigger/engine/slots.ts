import type { Tx } from "../db/database";
import type { Server } from "./context";
import { lockRun, type Run } from "./run";
import { continueRun } from "./waitpoints";

const heldStatuses = "('PENDING_EXECUTING', 'EXECUTING', 'PENDING_CANCEL')";

/**
 * Whoever gives out slots holds this lock until its transaction ends; counting slots is only meaningful under it. It is
 * taken together with `begin`, so that everything after it sees what the holder before has done. The queue is to be
 * read in its order from its index, however few runs the planner believes to be in it.
 */
export const schedulerLock =
  "set local enable_sort = off; set local enable_bitmapscan = off; select pg_advisory_xact_lock(7214403082)";

/** A queue's limit counts separately for each concurrency key. */
export function groupOf(run: Pick<Run, "queue" | "concurrency_key">): string {
  return `${run.queue}\u0001${run.concurrency_key ?? ""}`;
}

const readyMax = 100;

export type Slots = {
  /** Runs that occupy a slot. A run that waits does not. */
  held: number;
  /** Runs whose waits are over and that have no slot yet. */
  areReady: boolean;
  /** The variables that the project's runs are given, read here to save a round trip. */
  variables: Record<string, string>;
  /** Queues that start nothing at all: paused, or with a limit of 0. */
  closedQueues: string[];
  /** Those with a limit of 0: there not even a run that has begun goes on. */
  emptyQueues: string[];
  full: () => string[];
  /** Takes one slot of a group; false when there is none left. */
  take: (group: string) => boolean;
};

type SlotRow = {
  limits: { name: string; max: number | null; paused: boolean }[] | null;
  held: { queue: string; concurrency_key: string | null; count: number }[] | null;
  ready: boolean;
  variables: Record<string, string> | null;
};

const slotsSql = `select
  (select json_agg(json_build_object('name', name, 'max', coalesce(override_limit, base_limit), 'paused', paused)) from queue
   where paused or coalesce(override_limit, base_limit) is not null) as limits,
  (select json_agg(counted) from (select queue, concurrency_key, count(*) from run
   where execution_status in ${heldStatuses} group by 1, 2) as counted) as held,
  exists (select 1 from run where resume_ready_at is not null) as ready,
  (select json_object_agg(name, value) from envvar) as variables`;

/** How much room there is. Call it under the scheduler's lock. */
export async function readSlots(tx: Tx): Promise<Slots> {
  const [row] = await tx.prepared<SlotRow>(slotsSql);
  const queues = row?.limits ?? [];
  const held = row?.held ?? [];
  const limits = new Map(queues.flatMap((queue) => (queue.max === null ? [] : [[queue.name, queue.max] as const])));
  const used = new Map(held.map((group) => [groupOf(group), group.count]));
  const limitOf = (group: string) => limits.get(group.slice(0, group.indexOf("\u0001"))) ?? Number.POSITIVE_INFINITY;
  return {
    held: held.reduce((sum, group) => sum + group.count, 0),
    areReady: row?.ready ?? false,
    variables: row?.variables ?? {},
    closedQueues: queues.filter((queue) => queue.paused || queue.max === 0).map((queue) => queue.name),
    emptyQueues: queues.filter((queue) => queue.max === 0).map((queue) => queue.name),
    full: () => [...used].filter(([group, count]) => count >= limitOf(group)).map(([group]) => group),
    take: (group) => {
      const count = used.get(group) ?? 0;
      if (count >= limitOf(group)) return false;
      used.set(group, count + 1);
      return true;
    },
  };
}

/** Gives slots back to runs whose waits are over, oldest first. Call it under the scheduler's lock. */
export async function resumeReady(tx: Tx, slots: Slots): Promise<void> {
  // Queues without room are left out: however many of theirs are ready, those of others come to their turn.
  for (let resumed = readyMax; resumed > 0; ) {
    const ready = await tx.query<{ id: string }>(
      `select id from run where resume_ready_at is not null and queue <> all($1)
         and (queue || chr(1) || coalesce(concurrency_key, '')) <> all($2)
       order by resume_ready_at limit ${readyMax} for update skip locked`,
      [slots.emptyQueues, slots.full()],
    );
    resumed = 0;
    for (const { id } of ready) {
      const run = await lockRun(tx, id);
      if (run?.execution_status !== "EXECUTING_WITH_WAITPOINTS" || !slots.take(groupOf(run))) continue;
      slots.held += 1;
      resumed += 1;
      await continueRun(tx, run);
    }
    if (ready.length < readyMax) return;
  }
}

/** The same on its own, for when nobody asks for new runs. */
export async function resumeReadyRuns(server: Server): Promise<void> {
  await server.db.transaction(async (tx) => resumeReady(tx, await readSlots(tx)), { first: schedulerLock });
}
