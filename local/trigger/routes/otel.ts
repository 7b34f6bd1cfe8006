import { type Context, Hono } from "hono";
import type { Server } from "../engine/context";
import { Refusal } from "../engine/refusal";
import { jsonFrom } from "../http/body";
import { readBounded } from "../http/bounded-body";
import { logsOf, spansOf } from "../traces/otlp";

/** A batch of 512 spans, the most that our worker sends at once, has about two megabytes. */
const bytesMax = 16 * 1024 * 1024;

/**
 * Takes what run processes export. Their exporters send no credential (they have none to send), so anybody on this
 * machine may add to a trace, which changes no run; web pages may not: they can not leave out their Origin.
 */
export function otelRoutes({ traces }: Server): Hono {
  const app = new Hono().basePath("/otel/v1");

  app.use(async (c, next) => {
    if (c.req.header("origin")) throw new Refusal(403, "Exports come from run processes, not from web pages.");
    await next();
  });

  app.post("/traces", async (c) => {
    traces.addSpans(spansOf(await exported(c)));
    return c.json({});
  });

  app.post("/logs", async (c) => {
    traces.addLogs(logsOf(await exported(c)));
    return c.json({});
  });

  // There is no page that shows metrics.
  app.post("/metrics", async (c) => {
    await readBounded(c, bytesMax);
    return c.json({});
  });
  return app;
}

async function exported(c: Context): Promise<unknown> {
  const type = c.req.header("content-type") ?? "";
  if (!type.includes("json"))
    throw new Refusal(415, `Exports are taken as JSON (OTLP/HTTP, http/json), not as "${type || "nothing named"}".`);
  return jsonFrom(await readBounded(c, bytesMax));
}
