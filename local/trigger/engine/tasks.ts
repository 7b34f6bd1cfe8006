import type { Tx } from "../db/database";
import type { KnownTask } from "./known-tasks";

export type TaskRetry = {
  maxAttempts?: number;
  factor?: number;
  minTimeoutInMs?: number;
  maxTimeoutInMs?: number;
  randomize?: boolean;
  outOfMemory?: { machine?: string };
};

/** A task as one worker version declares it. */
export type WorkerTask = {
  worker_id: string;
  task_id: string;
  file_path: string;
  export_name: string | null;
  queue: string;
  trigger_source: string | null;
  max_attempts: number | null;
  retry: TaskRetry | null;
  machine: { preset?: string; cpu?: number; memory?: number } | null;
  max_duration: number | null;
  ttl: string | null;
  payload_schema: unknown;
};

/** What the newest worker that is registered says about a task. */
export async function findTask(db: Pick<Tx, "query">, taskId: string): Promise<KnownTask | null> {
  const [task] = await db.query<KnownTask>(
    `select queue, ttl, trigger_source as "triggerSource" from worker_task
     where task_id = $1 and worker_id = (select id from worker order by seq desc limit 1)`,
    [taskId],
  );
  return task ?? null;
}

/** The tasks of the newest worker, by name. */
export async function listTaskNames(db: Pick<Tx, "query">): Promise<string[]> {
  const rows = await db.query<{ task_id: string }>(
    "select task_id from worker_task where worker_id = (select id from worker order by seq desc limit 1) order by 1",
  );
  return rows.map((row) => row.task_id);
}

/** The task of a run, as the worker declares it that the run was handed to. */
export async function findWorkerTask(
  db: Pick<Tx, "prepared">,
  run: { worker_id: string | null; task_id: string },
): Promise<WorkerTask | null> {
  const [task] = await db.prepared<WorkerTask>("select * from worker_task where worker_id = $1 and task_id = $2", [
    run.worker_id,
    run.task_id,
  ]);
  return task ?? null;
}

/** Queues keep their ids for ever; the map has as many entries as there are queues. */
const queueIds = new Map<string, string>();

/** The id of a queue by its name. A queue that nobody declared has none of its own. */
export async function queueIdOf(db: Pick<Tx, "prepared">, name: string): Promise<string> {
  const known = queueIds.get(name);
  if (known) return known;
  const [queue] = await db.prepared<{ id: string }>("select id from queue where name = $1", [name]);
  if (!queue) return `queue_${name}`;
  queueIds.set(name, queue.id);
  return queue.id;
}
