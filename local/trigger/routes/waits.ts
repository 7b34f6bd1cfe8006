import { WaitForDurationRequestBody } from "@trigger.dev/core/v3/schemas";
import { Hono } from "hono";
import { waitForDate, waitForToken } from "../engine/block-on";
import type { Server } from "../engine/context";
import { friendly, internal } from "../engine/ids";
import { requireSecret } from "../http/auth";
import { readJson } from "../http/body";

/** What a task asks for when it waits. */
export function waitRoutes(server: Server): Hono {
  const app = new Hono().basePath("/engine/v1/runs/:run");

  app.post("/wait/duration", async (c) => {
    await requireSecret(c, server);
    const body = await readJson(c, WaitForDurationRequestBody);
    const { waitpointId, waitUntil } = await waitForDate(server, internal("run", c.req.param("run")), body);
    return c.json({ waitUntil, waitpoint: { id: friendly("waitpoint", waitpointId) } });
  });

  app.post("/waitpoints/tokens/:waitpoint/wait", async (c) => {
    await requireSecret(c, server);
    await waitForToken(server, internal("run", c.req.param("run")), internal("waitpoint", c.req.param("waitpoint")));
    return c.json({ success: true });
  });
  return app;
}
