import { CreateInputStreamWaitpointRequestBody } from "@trigger.dev/core/v3/schemas";
import { Hono } from "hono";
import { z } from "zod";
import type { Server } from "../engine/context";
import { friendly, internal } from "../engine/ids";
import { Refusal } from "../engine/refusal";
import { findRun } from "../engine/run";
import { isFinal } from "../engine/status";
import { createTokenIn } from "../engine/wait-tokens";
import { completeWaitpoint } from "../engine/waitpoints";
import { requireSecret } from "../http/auth";
import { readJson } from "../http/body";
import { serveStream } from "../realtime/serve-stream";
import { appendParts, inputKey, lockStream, readParts } from "../realtime/streams";
import { requireInputAccess } from "./streams";

const SendBody = z.object({ data: z.unknown().optional() });
const partBytesMax = 1024 * 1024;

/** What is sent to a run from outside while it executes. */
export function inputStreamRoutes(server: Server): Hono {
  const { db } = server;
  const app = new Hono();

  app.post("/realtime/v1/streams/:run/input/:stream", async (c) => {
    const run = await requireInputAccess(c, server, "write");
    const { data } = await readJson(c, SendBody, partBytesMax);
    if (isFinal(run.status)) throw new Refusal(400, "Cannot send to an input stream of a completed run");
    const key = inputKey(c.req.param("stream"));
    const text = JSON.stringify(data ?? null);
    await db.transaction(async (tx) => {
      await appendParts(tx, run.id, key, [JSON.stringify(text)]);
      const waiting = await tx.query<{ id: string }>(
        "select id from waitpoint where stream_run_id = $1 and stream_key = $2 and status = 'PENDING' order by id",
        [run.id, key],
      );
      for (const { id } of waiting) await completeWaitpoint(tx, id, { output: text, outputType: "application/json" });
    });
    return c.json({ ok: true });
  });

  app.get("/realtime/v1/streams/:run/input/:stream", async (c) => {
    const run = await requireInputAccess(c, server, "read");
    return serveStream(c, server, { runId: run.id, key: inputKey(c.req.param("stream")) });
  });

  app.post("/api/v1/runs/:run/input-streams/wait", async (c) => {
    await requireSecret(c, server);
    const body = await readJson(c, CreateInputStreamWaitpointRequestBody);
    const run = await findRun(db, internal("run", c.req.param("run")));
    if (!run) throw new Refusal(404, "Run not found");
    const key = inputKey(body.streamId);
    const { waitpoint, isCached } = await db.transaction(async (tx) => {
      // Under the stream's lock a record either is there already, or will find the waitpoint.
      await lockStream(tx, run.id, key);
      const created = await createTokenIn(tx, { ...body, stream: { runId: run.id, key } });
      const [next] = await readParts(tx, run.id, key, body.lastSeqNum ?? -1);
      if (next)
        await completeWaitpoint(tx, created.waitpoint.id, {
          output: JSON.parse(next.data) as string,
          outputType: "application/json",
        });
      return created;
    });
    return c.json({ waitpointId: friendly("waitpoint", waitpoint.id), isCached });
  });
  return app;
}
