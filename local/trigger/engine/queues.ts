import type { Database, Tx } from "../db/database";
import { notifyQueue } from "../db/notify";
import type { Server } from "./context";

export type Queue = {
  name: string;
  id: string;
  type: "task" | "custom";
  base_limit: number | null;
  override_limit: number | null;
  overridden_at: Date | null;
  paused: boolean;
};
/** A queue with its runs: those that hold a slot, those that wait for something, those that wait for a slot. */
export type QueueLoad = Queue & { running: number; waiting: number; queued: number };
export type KeyLoad = { concurrency_key: string | null; running: number; waiting: number; queued: number };

const counts = `count(*) filter (where execution_status in ('PENDING_EXECUTING', 'EXECUTING', 'PENDING_CANCEL'))::int as running,
  count(*) filter (where execution_status = 'EXECUTING_WITH_WAITPOINTS')::int as waiting,
  count(*) filter (where execution_status = 'QUEUED')::int as queued`;

/** In the words of the partial indexes, so that finished runs are not read. */
const present = `(execution_status = 'QUEUED' or execution_status = 'EXECUTING_WITH_WAITPOINTS' or execution_status in ('PENDING_EXECUTING', 'EXECUTING', 'PENDING_CANCEL'))`;

export async function listQueues(
  db: Pick<Database, "query">,
  { limit, offset }: { limit: number; offset: number },
): Promise<QueueLoad[]> {
  return withLoad(db, await db.query<Queue>("select * from queue order by name limit $1 offset $2", [limit, offset]));
}

export async function countQueues(db: Pick<Database, "query">): Promise<number> {
  const [total] = await db.query<{ count: number }>("select count(*) from queue");
  return total?.count ?? 0;
}

/** By its id or its name; a queue that a task has for itself is named `task/…`. */
export async function findQueue(
  db: Pick<Database, "query">,
  by: "id" | "name",
  value: string,
): Promise<QueueLoad | null> {
  const [queue] = await withLoad(db, await db.query<Queue>(`select * from queue where ${by} = $1`, [value]));
  return queue ?? null;
}

/** One pass over the runs that are not over, however many queues are asked for. */
async function withLoad(db: Pick<Database, "query">, queues: Queue[]): Promise<QueueLoad[]> {
  if (queues.length === 0) return [];
  const rows = await db.query<Omit<KeyLoad, "concurrency_key"> & { queue: string }>(
    `select queue, ${counts} from run where queue = any($1) and ${present} group by queue`,
    [queues.map((queue) => queue.name)],
  );
  const loads = new Map(rows.map(({ queue, ...load }) => [queue, load]));
  return queues.map((queue) => ({ ...queue, ...(loads.get(queue.name) ?? { running: 0, waiting: 0, queued: 0 }) }));
}

const keysMax = 100;

/** The runs of a queue by concurrency key, the busiest keys first. */
export async function listKeys(db: Pick<Database, "query">, queue: string): Promise<KeyLoad[]> {
  return db.query<KeyLoad>(
    `select concurrency_key, ${counts} from run where queue = $1 and ${present}
     group by concurrency_key order by running desc, queued desc, concurrency_key limit ${keysMax}`,
    [queue],
  );
}

/** A paused queue hands nothing out; what runs goes on. May be repeated. */
export async function setQueuePaused({ db }: Pick<Server, "db">, name: string, isPaused: boolean): Promise<void> {
  await change(db, (tx) => tx.query("update queue set paused = $2 where name = $1", [name, isPaused]));
}

/** Another limit than the one in the code; null gives the code's own back. May be repeated. */
export async function overrideQueueLimit(
  { db }: Pick<Server, "db">,
  name: string,
  limit: number | null,
): Promise<void> {
  await change(db, (tx) =>
    tx.query(
      "update queue set override_limit = $2, overridden_at = case when $2::int is null then null else now() end where name = $1",
      [name, limit],
    ),
  );
}

async function change(db: Database, statement: (tx: Tx) => Promise<unknown>): Promise<void> {
  await db.transaction(async (tx) => {
    await statement(tx);
    notifyQueue(tx);
  });
}
