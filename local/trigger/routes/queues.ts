import { type Context, Hono } from "hono";
import { z } from "zod";
import { notifyQueue } from "../db/notify";
import type { Server } from "../engine/context";
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

type QueueRow = {
  name: string;
  id: string;
  type: "task" | "custom";
  base_limit: number | null;
  override_limit: number | null;
  overridden_at: Date | null;
  paused: boolean;
  running: number;
  queued: number;
};

const selectQueue = `select queue.*,
  (select count(*) from run where run.queue = queue.name and execution_status in ('PENDING_EXECUTING', 'EXECUTING', 'PENDING_CANCEL')) as running,
  (select count(*) from run where run.queue = queue.name and execution_status = 'QUEUED') as queued
  from queue`;

export function queueRoutes(server: Server): Hono {
  const { db } = server;
  const app = new Hono().basePath("/api/v1/queues");

  app.use(async (c, next) => {
    await requireSecret(c, server);
    await next();
  });

  app.get("/", async (c) => {
    const { page, perPage, offset } = readOffsetPage(c, 25);
    const rows = await db.query<QueueRow>(`${selectQueue} order by name limit $1 offset $2`, [perPage, offset]);
    const [total] = await db.query<{ count: number }>("select count(*) from queue");
    const count = total?.count ?? 0;
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
    await db.transaction(async (tx) => {
      await tx.query("update queue set paused = $2 where name = $1", [name, action === "pause"]);
      await notifyQueue(tx);
    });
    return c.json(presentQueue(await requireQueue(c, server, type)));
  });

  app.post("/:queue/concurrency/override", async (c) => {
    const { type, concurrencyLimit, percent } = await readJson(c, OverrideBody);
    if (percent !== undefined)
      throw new Refusal(501, "The local server limits a queue by a number of runs, not by a percentage.");
    if (concurrencyLimit === undefined) throw new Refusal(400, "A concurrencyLimit must be given");
    await changeOverride(server, (await requireQueue(c, server, type)).name, concurrencyLimit);
    return c.json(presentQueue(await requireQueue(c, server, type)));
  });

  app.post("/:queue/concurrency/reset", async (c) => {
    const { type } = await readJson(c, ResetBody);
    const queue = await requireQueue(c, server, type);
    if (queue.overridden_at === null) throw new Refusal(400, "Queue is not overridden");
    await changeOverride(server, queue.name, null);
    return c.json(presentQueue(await requireQueue(c, server, type)));
  });
  return app;
}

async function changeOverride({ db }: Server, name: string, limit: number | null): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(
      "update queue set override_limit = $2, overridden_at = case when $2::int is null then null else now() end where name = $1",
      [name, limit],
    );
    await notifyQueue(tx);
  });
}

async function requireQueue(c: Context, { db }: Server, type: z.infer<typeof Kind>): Promise<QueueRow> {
  const given = decodeURIComponent(c.req.param("queue") ?? "");
  const column = type === "id" ? "id" : "name";
  const [queue] = await db.query<QueueRow>(`${selectQueue} where ${column} = $1`, [
    type === "task" ? `task/${given}` : given,
  ]);
  if (!queue) throw new Refusal(404, "queue-not-found");
  return queue;
}

function presentQueue(queue: QueueRow) {
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
