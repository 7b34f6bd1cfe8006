import { CreateBulkActionRequestBody } from "@trigger.dev/core/v3/schemas";
import { Hono } from "hono";
import {
  abortBulkAction,
  type BulkAction,
  createBulkAction,
  getBulkAction,
  listBulkActions,
} from "../engine/bulk-actions";
import type { Server } from "../engine/context";
import { readPage } from "../engine/list-filters";
import { requireSecret } from "../http/auth";
import { readJson } from "../http/body";

/** Many runs cancelled or replayed by one request; it answers before they are. */
export function bulkActionRoutes(server: Server): Hono {
  const app = new Hono().basePath("/api/v1/bulk-actions");

  app.use(async (c, next) => {
    await requireSecret(c, server);
    await next();
  });

  app.post("/", async (c) => {
    const { id } = await createBulkAction(server, await readJson(c, CreateBulkActionRequestBody));
    return c.json({ id }, 202);
  });

  app.get("/", async (c) => {
    const { page, next, previous } = await listBulkActions(server.db, readPage(new URL(c.req.url).searchParams));
    return c.json({
      data: page.map(present),
      pagination: { ...(next ? { next } : {}), ...(previous ? { previous } : {}) },
    });
  });

  app.get("/:id", async (c) => c.json(present(await getBulkAction(server.db, c.req.param("id")))));

  app.post("/:id/abort", async (c) => {
    await abortBulkAction(server, c.req.param("id"));
    return c.json({ id: c.req.param("id") });
  });
  return app;
}

function present(bulk: BulkAction) {
  return {
    id: bulk.id,
    ...(bulk.name === null ? {} : { name: bulk.name }),
    type: bulk.type,
    status: bulk.status,
    counts: { total: bulk.total, success: bulk.succeeded, failure: bulk.failed },
    createdAt: bulk.created_at,
    ...(bulk.completed_at === null ? {} : { completedAt: bulk.completed_at }),
  };
}
