import {
  AddTagsRequestBody,
  ReplayRunRequestBody,
  RescheduleRunRequestBody,
  UpdateMetadataRequestBody,
} from "@trigger.dev/core/v3/schemas";
import { Hono } from "hono";
import { z } from "zod";
import type { Server } from "../engine/context";
import { friendly, internal } from "../engine/ids";
import { changeMetadata, metadataOf } from "../engine/metadata";
import { isMetadataOperation } from "../engine/metadata-operations";
import { distinctTags } from "../engine/new-run";
import { Refusal } from "../engine/refusal";
import { replayRun } from "../engine/replay-run";
import { rescheduleRun } from "../engine/reschedule-run";
import { lockRun, updateRun } from "../engine/run";
import { authenticate, requireSecret } from "../http/auth";
import { readJson, readOptionalJson } from "../http/body";
import { presentResult, presentRun } from "../present-run";
import { findForCaller, findToChange } from "./runs";

const tagsMax = 10;
const ResetBody = z.object({ taskIdentifier: z.string() });

/** What can be done to a run besides cancelling it. */
export function runChangeRoutes(server: Server): Hono {
  const { db } = server;
  const app = new Hono().basePath("/api/v1");

  app.post("/runs/:id/replay", async (c) => {
    const caller = await authenticate(c, server);
    const original = await findToChange(server, caller, c.req.param("id"));
    const run = await replayRun(server, original.id, await readOptionalJson(c, ReplayRunRequestBody));
    return c.json({ id: friendly("run", run.id) });
  });

  app.post("/runs/:id/reschedule", async (c) => {
    await requireSecret(c, server);
    const { delay } = await readJson(c, RescheduleRunRequestBody);
    return c.json(await presentRun(server, await rescheduleRun(server, internal("run", c.req.param("id")), delay)));
  });

  app.post("/runs/:id/tags", async (c) => {
    await requireSecret(c, server);
    const { tags } = await readJson(c, AddTagsRequestBody);
    const added = await addTags(server, internal("run", c.req.param("id")), typeof tags === "string" ? [tags] : tags);
    return c.json({ message: added === 0 ? "No new tags to add" : `Successfully set ${added} new tags.` });
  });

  app.get("/runs/:id/result", async (c) => {
    const caller = await authenticate(c, server);
    const run = await findForCaller(server, caller, c.req.param("id"));
    if (run.execution_status !== "FINISHED") throw new Refusal(404, "Run either doesn't exist or is not finished");
    return c.json(presentResult(run));
  });

  app.get("/runs/:id/metadata", async (c) => {
    const caller = await authenticate(c, server);
    const run = await findForCaller(server, caller, c.req.param("id"));
    return c.json({ metadata: metadataOf(run), metadataType: run.metadata_type });
  });

  app.put("/runs/:id/metadata", async (c) => {
    await requireSecret(c, server);
    const id = internal("run", c.req.param("id"));
    const body = await readJson(c, UpdateMetadataRequestBody);
    const operations = (list: unknown[] | undefined) => list?.filter(isMetadataOperation);
    const metadata = await db.transaction(async (tx) => {
      const run = await lockRun(tx, id);
      if (!run) throw new Refusal(404, "Run not found");
      return changeMetadata(tx, run, {
        metadata: body.metadata,
        operations: operations(body.operations),
        parentOperations: operations(body.parentOperations),
        rootOperations: operations(body.rootOperations),
      });
    });
    return c.json({ metadata });
  });

  app.post("/idempotencyKeys/:key/reset", async (c) => {
    await requireSecret(c, server);
    const key = c.req.param("key");
    const { taskIdentifier } = await readJson(c, ResetBody);
    const freed = await db.query(
      "update run set idempotency_key = null where task_id = $1 and idempotency_key = $2 returning id",
      [taskIdentifier, key],
    );
    if (freed.length === 0)
      throw new Refusal(404, `No runs found with idempotency key: ${key} and task: ${taskIdentifier}`);
    return c.json({ id: key });
  });
  return app;
}

/** Adds tags a run does not have yet. All of them, or none when they are too many. */
async function addTags(server: Server, runId: string, given: string[]): Promise<number> {
  return server.db.transaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (!run) throw new Refusal(404, "Run not found");
    const fresh = distinctTags(given).filter((tag) => !run.tags.includes(tag));
    const count = run.tags.length + fresh.length;
    if (count > tagsMax) {
      throw new Refusal(
        422,
        `Runs can only have ${tagsMax} tags, you're trying to set ${count}. These tags have not been set: ${fresh.map((tag) => `'${tag}'`).join(", ")}.`,
      );
    }
    if (fresh.length > 0) await updateRun(tx, runId, { tags: [...run.tags, ...fresh] });
    return fresh.length;
  });
}
