import { TriggerTaskRequestBody } from "@trigger.dev/core/v3/schemas";
import { type Context, Hono } from "hono";
import type { Server } from "../engine/context";
import { friendly } from "../engine/ids";
import { packetOfPayload } from "../engine/packets";
import { triggerRun } from "../engine/trigger-run";
import { attachToken, requireAccess } from "../http/auth";
import { readJson } from "../http/body";

export function triggerRoutes(server: Server): Hono {
  const app = new Hono();

  app.post("/api/v1/tasks/:taskId/trigger", async (c) => {
    const taskId = c.req.param("taskId");
    const caller = await requireAccess(c, server, "trigger", [{ type: "tasks", id: taskId }]);
    const { payload, options = {} } = await readJson(c, TriggerTaskRequestBody);
    const { run, isCached } = await triggerRun(server, {
      taskId,
      payload: packetOfPayload(payload, options.payloadType),
      options: { ...options, ...keyFromHeaders(c) },
      requestKey: c.req.header("x-trigger-request-idempotency-key"),
      traceparent: c.req.header("traceparent"),
      oneTimeToken: caller.kind === "public" ? caller.oneTimeHash : undefined,
    });
    const id = friendly("run", run.id);
    await attachToken(c, server, [`read:runs:${id}`, `write:inputStreams:${id}`], "1h");
    return c.json({ id, isCached });
  });
  return app;
}

/** Whoever calls by hand may give the key as a header, which then counts. */
function keyFromHeaders(c: Context) {
  const idempotencyKey = c.req.header("idempotency-key");
  const idempotencyKeyTTL = c.req.header("idempotency-key-ttl");
  return { ...(idempotencyKey ? { idempotencyKey } : {}), ...(idempotencyKeyTTL ? { idempotencyKeyTTL } : {}) };
}
