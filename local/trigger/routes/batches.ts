import { BatchItemNDJSON, BatchTriggerTaskV3RequestBody, CreateBatchRequestBody } from "@trigger.dev/core/v3/schemas";
import { type Context, Hono } from "hono";
import { addBatchItems } from "../engine/add-batch-items";
import { type Batch, findBatch } from "../engine/batches";
import type { Server } from "../engine/context";
import { createBatch } from "../engine/create-batch";
import { friendly, internal } from "../engine/ids";
import { Refusal } from "../engine/refusal";
import type { Run } from "../engine/run";
import { attachToken, type Caller, requireAccess } from "../http/auth";
import { jsonFrom, parse, readJson, readText } from "../http/body";
import { presentResult } from "../present-run";

const itemsBytesMax = 192 * 1024 * 1024;

export function batchRoutes(server: Server): Hono {
  const { db } = server;
  const app = new Hono();

  app.post("/api/v3/batches", async (c) => {
    const body = await readJson(c, CreateBatchRequestBody);
    const caller = await requireBatchTrigger(c, server, body.taskIdentifiers ?? []);
    const { batch, isCached } = await createBatch(server, { ...body, ...requestOf(c, caller) });
    await attachToken(c, server, [`read:batch:${friendly("batch", batch.id)}`], "1h");
    return c.json({ id: friendly("batch", batch.id), runCount: batch.run_count, isCached }, 202);
  });

  app.post("/api/v3/batches/:id/items", async (c) => {
    const lines = (await readText(c, itemsBytesMax)).split("\n").filter((line) => line.trim() !== "");
    const items = lines.map((line) => parse(BatchItemNDJSON, jsonFrom(line)));
    await requireBatchTrigger(
      c,
      server,
      items.map((item) => item.task),
    );
    const added = await addBatchItems(server, internal("batch", c.req.param("id")), items);
    return c.json({
      id: c.req.param("id"),
      itemsAccepted: added.accepted,
      itemsDeduplicated: added.deduplicated,
      sealed: added.sealed,
      ...(added.sealed
        ? { runCount: added.expectedCount }
        : { enqueuedCount: added.enqueuedCount, expectedCount: added.expectedCount }),
    });
  });

  // What older SDKs send: both phases in one request.
  app.post("/api/v2/tasks/batch", async (c) => {
    const { items, ...body } = await readJson(c, BatchTriggerTaskV3RequestBody, itemsBytesMax);
    if (items.length === 0) throw new Refusal(400, "A batch must have at least one item");
    const caller = await requireBatchTrigger(
      c,
      server,
      items.map((item) => item.task),
    );
    const { batch } = await createBatch(server, { ...body, runCount: items.length, ...requestOf(c, caller) });
    await addBatchItems(
      server,
      batch.id,
      items.map((item, index) => parse(BatchItemNDJSON, { ...item, index })),
    );
    await attachToken(c, server, [`read:batch:${friendly("batch", batch.id)}`], "1h");
    return c.json({ id: friendly("batch", batch.id), runCount: batch.run_count }, 202);
  });

  for (const path of ["/api/v1/batches/:id", "/api/v2/batches/:id"]) {
    app.get(path, async (c) => {
      const id = c.req.param("id") ?? "";
      await requireAccess(c, server, "read", [{ type: "batch", id }, { type: "runs" }]);
      const batch = await requireBatch(server, id);
      return c.json({
        id,
        // PROCESSING is what the real server says until all runs are made. Here they are made at once.
        status: batch.status === "PROCESSING" ? "PENDING" : batch.status,
        ...(batch.idempotency_key === null ? {} : { idempotencyKey: batch.idempotency_key }),
        createdAt: batch.created_at,
        updatedAt: batch.updated_at,
        ...(batch.sealed_at === null ? {} : { processingCompletedAt: batch.sealed_at }),
        runCount: batch.run_count,
        runs: (await runIdsOf(server, batch)).map((runId) => friendly("run", runId)),
        processing: { ...(batch.sealed_at === null ? {} : { completedAt: batch.sealed_at }), errors: [] },
      });
    });
  }

  app.get("/api/v1/batches/:id/results", async (c) => {
    const id = c.req.param("id");
    await requireAccess(c, server, "read", [{ type: "batch", id }, { type: "runs" }]);
    const batch = await requireBatch(server, id);
    const runs = await db.query<Run>(
      "select run.* from batch_item item join run on run.id = item.run_id where item.batch_id = $1 and run.execution_status = 'FINISHED' order by index",
      [batch.id],
    );
    return c.json({ id, items: runs.map(presentResult) });
  });
  return app;
}

/** A token may be for all tasks, or must allow each of them. */
async function requireBatchTrigger(c: Context, server: Server, tasks: string[]): Promise<Caller> {
  const distinct = [...new Set(tasks)];
  if (distinct.length === 0) return requireAccess(c, server, "batchTrigger", [{ type: "tasks" }]);
  const [first] = await Promise.all(
    distinct.map((id) => requireAccess(c, server, "batchTrigger", [{ type: "tasks", id }])),
  );
  if (!first) throw new Error("a list with items has a first one");
  return first;
}

function requestOf(c: Context, caller: Caller) {
  return {
    requestKey: c.req.header("x-trigger-request-idempotency-key"),
    traceparent: c.req.header("traceparent"),
    oneTimeToken: caller.kind === "public" ? caller.oneTimeHash : undefined,
  };
}

async function requireBatch({ db }: Server, id: string): Promise<Batch> {
  const batch = await findBatch(db, internal("batch", id));
  if (!batch) throw new Refusal(404, "Not found");
  return batch;
}

async function runIdsOf({ db }: Server, batch: Batch): Promise<string[]> {
  const rows = await db.query<{ run_id: string }>("select run_id from batch_item where batch_id = $1 order by index", [
    batch.id,
  ]);
  return rows.map((row) => row.run_id);
}
