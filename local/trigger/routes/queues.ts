import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Server } from "../engine/context";
import {
  countQueues,
  findQueue,
  listQueues,
  overrideQueueLimit,
  type QueueLoad,
  setQueuePaused,
} from "../engine/queues";
import { Refusal } from "../engine/refusal";
import { requireSecret } from "../http/auth";
import { parse, readJson } from "../http/body";
import { presentOffsetPage, readOffsetPage } from "../http/offset-page";

const Kind = z.enum(["id", "task", "custom"]);
const PauseBody = z.object({ type: Kind.default("id"), action: z.enum(["pause", "resume"]) });
const OverrideBody = z.object({
  type: Kind.default("id"),
  concurrencyLimit: z.number().int().min(0).max(100_000).optional(),
  percent: z.number().optional(),
});
const ResetBody = z.object({ type: Kind.default("id") });

export function queueRoutes(server: Server): Hono {
  const { db } = server;
  const app = new Hono().basePath("/api/v1/queues");

  app.use(async (c, next) => {
    await requireSecret(c, server);
    await next();
  });

  app.get("/", async (c) => {
    const { page, perPage, offset } = readOffsetPage(c, 25);
    const rows = await listQueues(db, { limit: perPage, offset });
    const count = await countQueues(db);
    return c.json({
      data: rows.map(presentQueue),
      pagination: presentOffsetPage(page, perPage, count),
    });
  });

  app.get("/:queue", async (c) =>
    c.json(presentQueue(await requireQueue(c, server, parse(Kind, c.req.query("type") ?? "id")))),
  );

  app.post("/:queue/pause", async (c) => {
    const { type, action } = await readJson(c, PauseBody);
    const { name } = await requireQueue(c, server, type);
    await setQueuePaused(server, name, action === "pause");
    return c.json(presentQueue(await requireQueue(c, server, type)));
  });

  app.post("/:queue/concurrency/override", async (c) => {
    const { type, concurrencyLimit, percent } = await readJson(c, OverrideBody);
    if (percent !== undefined)
      throw new Refusal(501, "The local server limits a queue by a number of runs, not by a percentage.");
    if (concurrencyLimit === undefined) throw new Refusal(400, "A concurrencyLimit must be given");
    await overrideQueueLimit(server, (await requireQueue(c, server, type)).name, concurrencyLimit);
    return c.json(presentQueue(await requireQueue(c, server, type)));
  });

  app.post("/:queue/concurrency/reset", async (c) => {
    const { type } = await readJson(c, ResetBody);
    const queue = await requireQueue(c, server, type);
    if (queue.overridden_at === null) throw new Refusal(400, "Queue is not overridden");
    await overrideQueueLimit(server, queue.name, null);
    return c.json(presentQueue(await requireQueue(c, server, type)));
  });
  return app;
}

async function requireQueue(c: Context, { db }: Server, type: z.infer<typeof Kind>): Promise<QueueLoad> {
  const given = decodeURIComponent(c.req.param("queue") ?? "");
  const queue = await findQueue(db, type === "id" ? "id" : "name", type === "task" ? `task/${given}` : given);
  if (!queue) throw new Refusal(404, "queue-not-found");
  return queue;
}

function presentQueue(queue: QueueLoad) {
  const current = queue.override_limit ?? queue.base_limit;
  return {
    id: queue.id,
    name: queue.name.replace(/^task\//, ""),
    type: queue.type,
    running: queue.running,
    queued: queue.queued,
    paused: queue.paused,
    concurrencyLimit: current,
    concurrency: {
      current,
      base: queue.base_limit,
      override: queue.override_limit,
      overriddenBy: null,
      overriddenAt: queue.overridden_at,
    },
    releaseConcurrencyOnWaitpoint: true,
    concurrencyLimitOverridePercent: null,
    version: "V1",
  };
}
