import type { BatchItemNDJSON } from "@trigger.dev/core/v3/schemas";
import type { z } from "zod";
import type { Tx } from "../db/database";
import type { Batch } from "./batches";
import type { Server } from "./context";
import { insertDebounced } from "./debounce";
import { newId } from "./ids";
import { insertRuns } from "./insert-runs";
import type { KnownTask } from "./known-tasks";
import { type NewRun, newRun } from "./new-run";
import { Refusal } from "./refusal";
import { lockRun, type Run } from "./run";
import { findTask } from "./tasks";
import { asInserted, type InsertedRun, insertOrFind } from "./trigger-run";
import { blockRun, completeWaitpoint, waitpointOfRun } from "./waitpoints";

export type BatchItem = z.infer<typeof BatchItemNDJSON>;

export type AddedItems = {
  accepted: number;
  deduplicated: number;
  sealed: boolean;
  enqueuedCount: number;
  expectedCount: number;
};

/**
 * Second phase of a batch: all given items become runs, or none. An item whose index is known already is left alone, so
 * the whole stream may be sent again. When the last item is there the batch is sealed.
 */
export async function addBatchItems(server: Server, batchId: string, items: BatchItem[]): Promise<AddedItems> {
  return server.db.transaction(async (tx) => {
    const parent = await lockParentOf(tx, batchId);
    const [batch] = await tx.query<Batch>("select * from batch where id = $1 for update", [batchId]);
    if (!batch) throw new Refusal(404, "Batch not found");
    const known = await tx.query<{ index: number }>("select index from batch_item where batch_id = $1", [batchId]);
    const taken = new Set(known.map((row) => row.index));
    // Also within one stream the first item of an index counts.
    const first = new Map([...items].reverse().map((item) => [item.index, item]));
    const fresh = items.filter((item) => !taken.has(item.index) && first.get(item.index) === item);
    if (batch.sealed_at && fresh.length > 0) throw new Refusal(422, "Batch is sealed: it takes no more items");
    const tooBig = fresh.find((item) => item.index >= batch.run_count);
    if (tooBig)
      throw new Refusal(422, `Item ${tooBig.index} is beyond the ${batch.run_count} items the batch was created for`);
    const runs = await createRuns(tx, server, { batch, parent, items: fresh });
    await tx.query("insert into batch_item (batch_id, index, run_id) select $1, * from unnest($2::int[], $3::text[])", [
      batchId,
      fresh.map((item) => item.index),
      runs.map((run) => run.id),
    ]);
    const enqueuedCount = taken.size + fresh.length;
    const sealed = enqueuedCount === batch.run_count;
    if (sealed && !batch.sealed_at) await seal(tx, batch);
    return {
      accepted: fresh.length,
      deduplicated: items.length - fresh.length,
      sealed,
      enqueuedCount,
      expectedCount: batch.run_count,
    };
  });
}

/** The parent's lock is taken before the batch's, as everywhere. */
async function lockParentOf(tx: Tx, batchId: string): Promise<Run | null> {
  const [row] = await tx.query<{ parent_id: string | null }>("select parent_id from batch where id = $1", [batchId]);
  return row?.parent_id ? lockRun(tx, row.parent_id) : null;
}

type Creation = { batch: Batch; parent: Run | null; items: BatchItem[] };

async function createRuns(tx: Tx, server: Server, { batch, parent, items }: Creation): Promise<InsertedRun[]> {
  const now = new Date();
  const tasks = new Map<string, KnownTask | null>();
  for (const { task } of items) if (!tasks.has(task)) tasks.set(task, await findTask(tx, task));
  const candidates = items.map((item) =>
    newRun({
      taskId: item.task,
      payload: item.payload,
      options: { ...item.options, resumeParentOnCompletion: batch.resume_parent },
      now,
      task: tasks.get(item.task) ?? null,
      parent,
      defaultTtl: server.settings.defaultTtl,
      batch: { id: batch.id, index: item.index },
    }),
  );
  const runs = await insertAll(tx, candidates, items);
  if (batch.resume_parent && parent && runs.length > 0) {
    const waitpointIds = await waitpointsOf(tx, runs);
    const blocked = (await lockRun(tx, parent.id)) ?? parent;
    await blockRun(
      tx,
      blocked,
      items.map((item, position) => ({
        waitpointId: waitpointIds[position] ?? "",
        batchId: batch.id,
        index: item.index,
      })),
    );
  }
  return runs;
}

/** In one statement, except for items with a key, which may find an older run. The order is kept. */
async function insertAll(tx: Tx, candidates: NewRun[], items: BatchItem[]): Promise<InsertedRun[]> {
  const plain = candidates.filter((run, n) => run.idempotency_key === null && !items[n]?.options?.debounce);
  const byId = new Map((plain.length > 0 ? await insertRuns(tx, plain) : []).map((run) => [run.id, asInserted(run)]));
  const runs: InsertedRun[] = [];
  for (const [n, candidate] of candidates.entries()) {
    const debounce = items[n]?.options?.debounce;
    const insert = () => insertOrFind(tx, candidate);
    runs.push(byId.get(candidate.id) ?? (await insertDebounced(tx, { candidate, debounce, insert })).run);
  }
  return runs;
}

async function waitpointsOf(tx: Tx, runs: InsertedRun[]): Promise<string[]> {
  const waiting = [...new Set(runs.filter((run) => run.execution_status !== "FINISHED").map((run) => run.id))];
  const made = await tx.query<{ id: string; run_id: string }>(
    `insert into waitpoint (id, type, run_id) select id, 'RUN', run_id from unnest($1::text[], $2::text[]) as new (id, run_id)
     on conflict (run_id) do update set run_id = excluded.run_id returning id, run_id`,
    [waiting.map(() => newId()), waiting],
  );
  const byRun = new Map(made.map((row) => [row.run_id, row.id]));
  const ids: string[] = [];
  for (const run of runs) ids.push(byRun.get(run.id) ?? (await waitpointOfRun(tx, run)));
  return ids;
}

async function seal(tx: Tx, batch: Batch): Promise<void> {
  await tx.query(
    "update batch set sealed_at = clock_timestamp(), status = 'PROCESSING', updated_at = clock_timestamp() where id = $1",
    [batch.id],
  );
  const [waitpoint] = await tx.query<{ id: string }>("select id from waitpoint where batch_id = $1", [batch.id]);
  if (waitpoint) await completeWaitpoint(tx, waitpoint.id, { output: "Batch waitpoint completed" });
}
