import type { Tx } from "../db/database";

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
export async function findTask(db: Pick<Tx, "query">, taskId: string) {
  const [task] = await db.query<{ queue: string; ttl: string | null; triggerSource: string | null }>(
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
