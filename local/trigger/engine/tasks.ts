import type { Database, Tx } from "../db/database";
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

/** What a registered worker declares never changes; a few versions are in use at a time. */
const declared = new Map<string, Promise<Map<string, WorkerTask>>>();
const declaredMax = 20;

/** All tasks of one worker, by their ids. Do not change them: everybody is given the same. */
export function tasksOfWorker(db: Pick<Tx, "query">, workerId: string): Promise<ReadonlyMap<string, WorkerTask>> {
  const known = declared.get(workerId);
  if (known !== undefined) return known;
  const asked = db
    .query<WorkerTask>("select * from worker_task where worker_id = $1", [workerId])
    .then((rows) => new Map(rows.map((task) => [task.task_id, task])));
  declared.set(workerId, asked);
  asked.catch(() => declared.delete(workerId));
  const [oldest] = declared.keys();
  if (declared.size > declaredMax && oldest) declared.delete(oldest);
  return asked;
}

/** Queues keep their ids for ever; a map has as many entries as its database has queues. */
const queueIds = new WeakMap<object, Map<string, string>>();

/** The id of a queue by its name. A queue that nobody declared has none of its own. */
export async function queueIdOf(db: Pick<Database, "prepared">, name: string): Promise<string> {
  const ids = queueIds.get(db) ?? new Map<string, string>();
  queueIds.set(db, ids);
  const known = ids.get(name);
  if (known) return known;
  const [queue] = await db.prepared<{ id: string }>("select id from queue where name = $1", [name]);
  if (!queue) return `queue_${name}`;
  ids.set(name, queue.id);
  return queue.id;
}
