import type { Database } from "../db/database";
import type { Run } from "./run";
import type { WorkerTask } from "./tasks";

export type LastRun = Pick<Run, "id" | "status" | "execution_status" | "created_at">;
/** A task of the newest worker, with what people ask about it. */
export type TaskView = WorkerTask & { cron: string | null; timezone: string | null; lastRuns: LastRun[] };

const lastRunsMax = 5;

const select = `select task.*, schedule.cron, schedule.timezone, coalesce(last.runs, '[]') as last_runs
  from worker_task task
  left join schedule on schedule.task_id = task.task_id and schedule.type = 'DECLARATIVE'
  left join lateral (select json_agg(json_build_object('id', id, 'status', status, 'execution_status', execution_status, 'created_at', created_at)) as runs
    from (select * from run where run.task_id = task.task_id order by created_at desc, number desc limit ${lastRunsMax}) as newest) as last on true
  where task.worker_id = (select id from worker order by seq desc limit 1)`;

type Row = WorkerTask & {
  cron: string | null;
  timezone: string | null;
  last_runs: (Omit<LastRun, "created_at"> & { created_at: string })[];
};

const viewOf = ({ last_runs, ...task }: Row): TaskView => ({
  ...task,
  lastRuns: last_runs.map((run) => ({ ...run, created_at: new Date(run.created_at) })),
});

/** What the newest worker can run. */
export async function listTasks(db: Pick<Database, "query">): Promise<TaskView[]> {
  return (await db.query<Row>(`${select} order by task.task_id limit 1000`)).map(viewOf);
}

export async function findTaskView(db: Pick<Database, "query">, taskId: string): Promise<TaskView | null> {
  const [row] = await db.query<Row>(`${select} and task.task_id = $1`, [taskId]);
  return row ? viewOf(row) : null;
}

export type NewestWorker = { version: string; created_at: Date; tasks: number };

export async function findNewestWorker(db: Pick<Database, "query">): Promise<NewestWorker | null> {
  const [worker] = await db.query<NewestWorker>(
    `select version, created_at, (select count(*) from worker_task where worker_id = worker.id)::int as tasks
     from worker order by seq desc limit 1`,
  );
  return worker ?? null;
}

export type RecentPayload = { id: string; created_at: Date; preview: string; bytes: number; is_test: boolean };

/** Payloads that were used before, newest first, each once. */
export async function recentPayloads(db: Pick<Database, "query">, taskId: string): Promise<RecentPayload[]> {
  return db.query<RecentPayload>(
    `select id, created_at, preview, bytes, is_test from (
       select distinct on (payload) id, created_at, left(payload, 200) as preview, octet_length(payload) as bytes, is_test
       from (select * from run where task_id = $1 order by created_at desc, number desc limit 50) as newest
       where payload is not null and payload_type in ('application/json', 'application/super+json') and octet_length(payload) < 100000
       order by payload, created_at desc) as distinct_payloads
     order by created_at desc limit 8`,
    [taskId],
  );
}
