import { type Context, Hono } from "hono";
import { watch } from "../db/listener";
import type { Server } from "../engine/context";
import { durationMs } from "../engine/durations";
import { internal } from "../engine/ids";
import { Refusal } from "../engine/refusal";
import { authenticate, type Caller, requireAccess } from "../http/auth";
import { columnsWithout, rowOf, schemaOf } from "../realtime/columns";
import {
  concerns,
  forgetAfter,
  offsetOf,
  type Shape,
  type ShapeChange,
  type ShapeFilter,
  ShapeStore,
  takeChanges,
} from "../realtime/shapes";
import { findForCaller } from "./runs";

const dayMs = 86_400_000;

/** Live views of runs, in the protocol of Electric's HTTP shapes: rows once, then held requests that bring changes. */
export function realtimeRoutes(server: Server): Hono {
  const app = new Hono().basePath("/realtime/v1");
  const shapes = new ShapeStore();

  app.get("/runs/:id", async (c) => {
    const caller = await authenticate(c, server);
    const run = await findForCaller(server, caller, c.req.param("id"));
    return answerShape(c, { server, shapes, caller, filter: { kind: "run", id: run.id } });
  });

  app.get("/runs", async (c) => {
    const tags = (c.req.query("tags") ?? "").split(",").filter((tag) => tag !== "");
    const caller = await requireAccess(c, server, "read", [
      { type: "runs" },
      { type: "tags" },
      ...tags.map((id) => ({ type: "tags", id })),
    ]);
    const filter = { kind: "tags", tags, createdAfter: createdAfter(c.req.query("createdAt")) } as const;
    return answerShape(c, { server, shapes, caller, filter });
  });

  app.get("/batches/:id", async (c) => {
    const id = c.req.param("id");
    const caller = await requireAccess(c, server, "read", [{ type: "batch", id }, { type: "runs" }]);
    const [batch] = await server.db.query("select 1 from batch where id = $1", [internal("batch", id)]);
    if (!batch) throw new Refusal(404, "Not found");
    return answerShape(c, { server, shapes, caller, filter: { kind: "batch", id: internal("batch", id) } });
  });
  return app;
}

/** How far back a subscription looks; 24 hours unless it says for example `1h`. */
function createdAfter(text = ""): Date {
  return new Date(Date.now() - Math.min(Date.now(), durationMs(text) ?? dayMs));
}

type Subscription = { server: Server; shapes: ShapeStore; caller: Caller; filter: ShapeFilter };

async function answerShape(c: Context, { server, shapes, caller, filter }: Subscription): Promise<Response> {
  const query = c.req.query();
  const known = query.offset === "-1" ? undefined : shapes.find(query.handle, filter);
  const shape = known ?? shapes.create(filter);
  forgetAfter(shape, query.offset);
  const isLive = query.live === "true";
  const changes =
    isLive && known ? await waitForChanges(server, shape, c.req.raw.signal) : await takeChanges(server.db, shape);

  const skipped = (query.skipColumns ?? "").split(",").concat(caller.kind === "public" ? caller.skipColumns : []);
  const columns = columnsWithout(skipped);
  const place = offsetOf(shape);
  // Clients before Electric 1.0 know these two headers by other names.
  const isOld = c.req.header("x-trigger-electric-version") === undefined;
  return c.json([...changes.map((change) => message(change, columns)), { headers: { control: "up-to-date" } }], 200, {
    "cache-control": "no-store",
    [isOld ? "electric-shape-id" : "electric-handle"]: shape.handle,
    [isOld ? "electric-chunk-last-offset" : "electric-offset"]: place,
    "electric-up-to-date": "",
    ...(isLive ? { "electric-cursor": String(shape.answers) } : { "electric-schema": schemaOf(columns) }),
  });
}

function message({ run, operation }: ShapeChange, columns: ReturnType<typeof columnsWithout>) {
  return { key: `"public"."TaskRun"/"${run.id}"`, value: rowOf(run, columns), headers: { operation } };
}

/** Holds the request until something changes for this subscriber, or the time is over. */
async function waitForChanges(server: Server, shape: Shape, gone: AbortSignal): Promise<ShapeChange[]> {
  const { listener, settings, closing, db } = server;
  const signal = AbortSignal.any([gone, closing]);
  const until = Date.now() + settings.liveHoldMs;
  const events = watch(listener, ["run"], (change) => concerns(shape, change));
  try {
    for (;;) {
      const changes = await takeChanges(db, shape);
      const left = until - Date.now();
      if (changes.length > 0 || left <= 0 || signal.aborted) return changes;
      // The poll is the safety net should a notification be lost.
      await events.wait(Math.min(left, settings.pollMs), signal);
    }
  } finally {
    events.close();
  }
}
