import type { Tx } from "../db/database";

export type Batch = {
  id: string;
  status: "PENDING" | "PROCESSING" | "COMPLETED";
  run_count: number;
  parent_id: string | null;
  resume_parent: boolean;
  idempotency_key: string | null;
  sealed_at: Date | null;
  created_at: Date;
  updated_at: Date;
};

/** A batch is COMPLETED when all its runs are over; read from them, so that a run that ends need not know its batches. */
export async function findBatch(db: Pick<Tx, "query">, id: string): Promise<Batch | null> {
  const [batch] = await db.query<Batch & { is_done: boolean }>(
    `select *, sealed_at is not null and not exists
       (select 1 from batch_item item join run on run.id = item.run_id
        where item.batch_id = batch.id and run.execution_status <> 'FINISHED') as is_done
     from batch where id = $1`,
    [id],
  );
  if (!batch) return null;
  const { is_done, ...row } = batch;
  return is_done ? { ...row, status: "COMPLETED" } : row;
}
