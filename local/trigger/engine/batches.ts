import type { Tx } from "../db/database";

/** Marks the batches of a finished run COMPLETED when it was the last one. */
export async function completeBatchIfDone(tx: Tx, runId: string): Promise<void> {
  await tx.query(
    `update batch set status = 'COMPLETED', completed_at = clock_timestamp(), updated_at = clock_timestamp()
     where id in (select batch_id from batch_item where run_id = $1) and status <> 'COMPLETED' and sealed_at is not null
       and not exists (select 1 from batch_item item join run on run.id = item.run_id
                       where item.batch_id = batch.id and run.execution_status <> 'FINISHED')`,
    [runId],
  );
}
