import type { Tx } from "../db/database";
import type { Server } from "./context";
import { lockRun, type Run } from "./run";
import { continueRun } from "./waitpoints";

const schedulerLockId = 7_214_403_082;
const heldStatuses = "('PENDING_EXECUTING', 'EXECUTING', 'PENDING_CANCEL')";

/** Whoever gives out slots holds this lock until its transaction ends; counting slots is only meaningful under it. */
export async function lockScheduler(tx: Tx): Promise<void> {
  await tx.query("select pg_advisory_xact_lock($1)", [schedulerLockId]);
}

/** Runs that occupy a slot. A run that waits does not. */
export async function heldCount(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ count: number }>(`select count(*) from run where execution_status in ${heldStatuses}`);
  return row?.count ?? 0;
}

/** A queue's limit counts separately for each concurrency key. */
export function groupOf(run: Pick<Run, "queue" | "concurrency_key">): string {
  return `${run.queue}\u0001${run.concurrency_key ?? ""}`;
}

type Groups = {
  /** Queues that start nothing at all: paused, or with a limit of 0. */
  closedQueues: string[];
  full: () => string[];
  /** Takes one slot of a group; false when there is none left. */
  take: (group: string) => boolean;
};

/** How much room the queues have. Call it under the scheduler's lock. */
export async function fullGroups(tx: Tx): Promise<Groups> {
  const queues = await tx.query<{ name: string; max: number | null; paused: boolean }>(
    "select name, coalesce(override_limit, base_limit) as max, paused from queue where paused or coalesce(override_limit, base_limit) is not null",
  );
  const held = await tx.query<{ queue: string; concurrency_key: string | null; count: number }>(
    `select queue, concurrency_key, count(*) from run where execution_status in ${heldStatuses} group by 1, 2`,
  );
  const limits = new Map(queues.flatMap((queue) => (queue.max === null ? [] : [[queue.name, queue.max] as const])));
  const used = new Map(held.map((row) => [groupOf(row), row.count]));
  const limitOf = (group: string) => limits.get(group.slice(0, group.indexOf("\u0001")));
  return {
    closedQueues: queues.filter((queue) => queue.paused || queue.max === 0).map((queue) => queue.name),
    full: () =>
      [...used]
        .filter(([group, count]) => count >= (limitOf(group) ?? Number.POSITIVE_INFINITY))
        .map(([group]) => group),
    take: (group) => {
      const count = used.get(group) ?? 0;
      if (count >= (limitOf(group) ?? Number.POSITIVE_INFINITY)) return false;
      used.set(group, count + 1);
      return true;
    },
  };
}

/** Gives slots back to runs whose waits are over, oldest first. Call it under the scheduler's lock. */
export async function resumeReady(tx: Tx): Promise<void> {
  const ready = await tx.query<{ id: string }>(
    "select id from run where resume_ready_at is not null order by resume_ready_at limit 100 for update skip locked",
  );
  if (ready.length === 0) return;
  const groups = await fullGroups(tx);
  for (const { id } of ready) {
    const run = await lockRun(tx, id);
    if (run?.execution_status === "EXECUTING_WITH_WAITPOINTS" && groups.take(groupOf(run))) await continueRun(tx, run);
  }
}

/** The same on its own, for when nobody asks for new runs. */
export async function resumeReadyRuns(server: Server): Promise<void> {
  const [any] = await server.db.query("select 1 from run where resume_ready_at is not null limit 1");
  if (!any) return;
  await server.db.transaction(async (tx) => {
    await lockScheduler(tx);
    await resumeReady(tx);
  });
}
