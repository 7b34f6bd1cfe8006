import type { CreateBatchRequestBody } from "@trigger.dev/core/v3/schemas";
import type { z } from "zod";
import { isUniqueViolation, type Tx } from "../db/database";
import type { Batch } from "./batches";
import type { Server } from "./context";
import { internal, newId } from "./ids";
import { Refusal } from "./refusal";
import { lockRun, type Run } from "./run";
import { isFinal } from "./status";
import { traceContextFrom } from "./trace";
import { type Blocker, blockRun, waitpointOfRun } from "./waitpoints";

export type CreateBatchInput = z.infer<typeof CreateBatchRequestBody> & {
  requestKey?: string | undefined;
  oneTimeToken?: string | undefined;
  traceparent?: string | undefined;
};

const itemsMax = 1000;

/**
 * First phase of a batch: promises a number of items. A parent that will wait is blocked now, so that no item can
 * finish before it waits. Repeating the request, or its idempotency key, finds the same batch.
 */
export async function createBatch(
  server: Server,
  input: CreateBatchInput,
): Promise<{ batch: Batch; isCached: boolean }> {
  if (input.runCount > itemsMax) {
    throw new Refusal(400, `Batch has ${input.runCount} items, but the maximum is ${itemsMax}.`);
  }
  try {
    return await server.db.transaction((tx) => createIn(tx, input));
  } catch (error) {
    if (isUniqueViolation(error, "batch_one_time_token_key")) {
      throw new Refusal(422, "Cannot batch trigger with a one-time use token as it has already been used.");
    }
    throw error;
  }
}

async function createIn(tx: Tx, input: CreateBatchInput): Promise<{ batch: Batch; isCached: boolean }> {
  const repeated = await findRepeated(tx, input);
  if (repeated) return { batch: repeated, isCached: false };
  const used = await findUsed(tx, input);
  if (used?.sealed_at) {
    if (input.resumeParentOnCompletion) await waitAgain(tx, used, input.parentRunId ?? "");
    return { batch: used, isCached: true };
  }
  const parent = input.parentRunId ? await lockRun(tx, internal("run", input.parentRunId)) : null;
  if (input.resumeParentOnCompletion && !parent) throw new Refusal(404, "Parent run not found");
  if (input.resumeParentOnCompletion && parent && isFinal(parent.status)) {
    throw new Refusal(422, `Cannot trigger a batch as the parent run has a status of ${parent.status}`);
  }
  const waits = (input.resumeParentOnCompletion ?? false) && parent !== null;
  // Begun by somebody who did not come to send its items: a caller that is told so sends them all.
  if (used) return { batch: await beginAgain(tx, used, waits ? parent : null), isCached: false };
  const [batch] = await tx.query<Batch>(
    `insert into batch (id, run_count, parent_id, resume_parent, idempotency_key, one_time_token, trace_context)
     values ($1, $2, $3, $4, $5, $6, $7) returning *`,
    [
      newId(),
      input.runCount,
      parent?.id ?? null,
      waits,
      input.idempotencyKey || null,
      input.oneTimeToken ?? null,
      JSON.stringify(traceContextFrom(input.traceparent)),
    ],
  );
  if (!batch) throw new Error("insert returned no row");
  if (input.requestKey)
    await tx.query(
      "insert into request (key, result) values ($1, $2) on conflict (key) do update set result = excluded.result",
      [requestKeyOf(input.requestKey), batch.id],
    );
  if (waits) await blockRun(tx, parent, [{ waitpointId: await waitpointOfBatch(tx, batch) }]);
  return { batch, isCached: false };
}

/** The waitpoint that ends when all items are there. */
async function waitpointOfBatch(tx: Tx, batch: Batch): Promise<string> {
  const [made] = await tx.query<{ id: string }>(
    `insert into waitpoint (id, type, batch_id) values ($1, 'BATCH', $2)
     on conflict (batch_id) do update set batch_id = excluded.batch_id returning id`,
    [newId(), batch.id],
  );
  if (!made) throw new Error("insert returned no row");
  return made.id;
}

async function beginAgain(tx: Tx, batch: Batch, waiting: Run | null): Promise<Batch> {
  if (!waiting) return batch;
  await tx.query("update batch set parent_id = $2, resume_parent = true where id = $1", [batch.id, waiting.id]);
  const blockers = await blockersOf(tx, batch);
  await blockRun(tx, waiting, [{ waitpointId: await waitpointOfBatch(tx, batch) }, ...blockers]);
  return { ...batch, parent_id: waiting.id, resume_parent: true };
}

async function findRepeated(tx: Tx, { requestKey }: CreateBatchInput): Promise<Batch | undefined> {
  if (!requestKey) return undefined;
  await lockKey(tx, requestKey);
  const [batch] = await tx.query<Batch>(
    "select batch.* from batch join request on request.result = batch.id where request.key = $1",
    [requestKeyOf(requestKey)],
  );
  return batch;
}

/** The same key may have made a run: requests of one kind only repeat each other. */
const requestKeyOf = (key: string) => `batch:${key}`;

/**
 * The batch that has the idempotency key. One that has lost runs by their age can not be waited for, and one that was
 * begun with another number of items can not be filled: their key is free.
 */
async function findUsed(tx: Tx, { idempotencyKey, runCount }: CreateBatchInput): Promise<Batch | undefined> {
  if (!idempotencyKey) return undefined;
  await lockKey(tx, idempotencyKey);
  const [batch] = await tx.query<Batch & { runs: number }>(
    `select *, (select count(*) from batch_item item join run on run.id = item.run_id where item.batch_id = batch.id) as runs
     from batch where idempotency_key = $1`,
    [idempotencyKey],
  );
  if (!batch || (batch.sealed_at ? batch.runs : runCount) === batch.run_count) return batch;
  await tx.query("update batch set idempotency_key = null where id = $1", [batch.id]);
  return undefined;
}

/** Two copies of one request may be under way at once: the second waits for the first here. */
async function lockKey(tx: Tx, key: string): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtextextended($1, 1))", [key]);
}

/** A parent that asks for a batch it (or another) made before waits for its runs, those that are over included. */
async function waitAgain(tx: Tx, batch: Batch, parentRunId: string): Promise<void> {
  const parent = await lockRun(tx, internal("run", parentRunId));
  if (!parent) throw new Refusal(404, "Parent run not found");
  const blockers = await blockersOf(tx, batch);
  if (blockers.length > 0) await blockRun(tx, parent, blockers);
}

async function blockersOf(tx: Tx, batch: Batch): Promise<Blocker[]> {
  const items = await tx.query<Run & { item_index: number }>(
    "select run.*, item.index as item_index from batch_item item join run on run.id = item.run_id where item.batch_id = $1 order by item.index",
    [batch.id],
  );
  const blockers: Blocker[] = [];
  for (const run of items)
    blockers.push({ waitpointId: await waitpointOfRun(tx, run), batchId: batch.id, index: run.item_index });
  return blockers;
}
