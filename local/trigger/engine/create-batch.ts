import type { CreateBatchRequestBody } from "@trigger.dev/core/v3/schemas";
import type { z } from "zod";
import { isUniqueViolation, type Tx } from "../db/database";
import type { Batch } from "./batches";
import type { Server } from "./context";
import { internal, newId } from "./ids";
import { Refusal } from "./refusal";
import { lockRun } from "./run";
import { isFinal } from "./status";
import { traceContextFrom } from "./trace";
import { blockRun } from "./waitpoints";

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
  const existing = await findExisting(tx, input);
  if (existing) return { batch: existing, isCached: Boolean(input.idempotencyKey) };
  const parent = input.parentRunId ? await lockRun(tx, internal("run", input.parentRunId)) : null;
  if (input.resumeParentOnCompletion && !parent) throw new Refusal(404, "Parent run not found");
  if (input.resumeParentOnCompletion && parent && isFinal(parent.status)) {
    throw new Refusal(422, `Cannot trigger a batch as the parent run has a status of ${parent.status}`);
  }
  const waits = (input.resumeParentOnCompletion ?? false) && parent !== null;
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
    await tx.query("insert into request (key, result) values ($1, $2)", [input.requestKey, batch.id]);
  if (waits) {
    const waitpointId = newId();
    await tx.query("insert into waitpoint (id, type, batch_id) values ($1, 'BATCH', $2)", [waitpointId, batch.id]);
    await blockRun(tx, parent, [{ waitpointId }]);
  }
  return { batch, isCached: false };
}

async function findExisting(tx: Tx, { requestKey, idempotencyKey }: CreateBatchInput): Promise<Batch | undefined> {
  for (const key of [requestKey, idempotencyKey]) {
    // Two copies of one request may be under way at once: the second waits for the first here.
    if (key) await tx.query("select pg_advisory_xact_lock(hashtextextended($1, 1))", [key]);
  }
  const [batch] = await tx.query<Batch>(
    `select * from batch where idempotency_key = $1 or id = (select result from request where key = $2) limit 1`,
    [idempotencyKey || null, requestKey ?? null],
  );
  return batch;
}
