import { CreateBackgroundWorkerRequestBody } from "@trigger.dev/core/v3/schemas";
import { Hono } from "hono";
import type { Server } from "../engine/context";
import { friendly } from "../engine/ids";
import { Refusal } from "../engine/refusal";
import { registerWorker } from "../engine/workers";
import { requireSecret } from "../http/auth";
import { readJson } from "../http/body";

const manifestBytesMax = 64 * 1024 * 1024;

export function workerRoutes(server: Server): Hono {
  const app = new Hono();

  app.post("/api/v1/projects/:ref/background-workers", async (c) => {
    await requireSecret(c, server);
    if (c.req.param("ref") !== server.installation.projectRef)
      throw new Refusal(400, "Invalid project ref for this API key");
    const { metadata } = await readJson(c, CreateBackgroundWorkerRequestBody, manifestBytesMax);
    const worker = await registerWorker(server, metadata);
    return c.json({ id: friendly("worker", worker.id), version: worker.version, contentHash: worker.content_hash });
  });
  return app;
}
