import type { Tx } from "../db/database";

export type Batch = {
  id: string;
  status: "PENDING" | "PROCESSING" | "COMPLETED";
  run_count: number;
  parent_id: string | null;
  resume_parent: boolean;
  idempotency_key: string | null;
  sealed_at: Date | null;
  completed_at: Date | null;
  created_at: Date;
  updated_at: Date;
};

/**
 * Marks the batches of a finished run COMPLETED when it was the last one. The batch's row lock comes first: of two last
 * runs that finish at the same moment, the second then sees the first.
 */
export async function completeBatchIfDone(tx: Tx, runId: string): Promise<void> {
  const open = await tx.query<{ id: string }>(
    `select id from batch where id in (select batch_id from batch_item where run_id = $1)
       and status <> 'COMPLETED' order by id for update`,
    [runId],
  );
  for (const { id } of open) await completeIfDone(tx, id);
}

/** The caller holds the batch's row lock. */
export async function completeIfDone(tx: Tx, batchId: string): Promise<void> {
  await tx.query(
    `update batch set status = 'COMPLETED', completed_at = clock_timestamp(), updated_at = clock_timestamp()
     where id = $1 and sealed_at is not null
       and not exists (select 1 from batch_item item join run on run.id = item.run_id
                       where item.batch_id = $1 and run.execution_status <> 'FINISHED')`,
    [batchId],
  );
}
