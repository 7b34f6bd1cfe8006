import { Hono } from "hono";
import type { Server } from "./engine/context";
import { answerError, notImplemented } from "./http/answers";
import { attemptGuard } from "./http/attempt-guard";
import { cors } from "./http/cors";
import { hostGuard } from "./http/host";
import { accountRoutes } from "./routes/account";
import { batchRoutes } from "./routes/batches";
import { bulkActionRoutes } from "./routes/bulk-actions";
import { devRoutes } from "./routes/dev";
import { envvarRoutes } from "./routes/envvars";
import { inputStreamRoutes } from "./routes/input-streams";
import { otelRoutes } from "./routes/otel";
import { packetRoutes } from "./routes/packets";
import { pageRoutes } from "./routes/pages";
import { publicTokenRoutes } from "./routes/public-tokens";
import { queueRoutes } from "./routes/queues";
import { realtimeRoutes } from "./routes/realtime";
import { runChangeRoutes } from "./routes/run-changes";
import { runRoutes } from "./routes/runs";
import { scheduleRoutes } from "./routes/schedules";
import { streamRoutes } from "./routes/streams";
import { triggerRoutes } from "./routes/trigger";
import { waitpointRoutes } from "./routes/waitpoints";
import { waitRoutes } from "./routes/waits";
import { workerRoutes } from "./routes/workers";

const resources = [
  accountRoutes,
  workerRoutes,
  devRoutes,
  triggerRoutes,
  batchRoutes,
  runRoutes,
  runChangeRoutes,
  bulkActionRoutes,
  waitRoutes,
  waitpointRoutes,
  publicTokenRoutes,
  packetRoutes,
  scheduleRoutes,
  queueRoutes,
  envvarRoutes,
  realtimeRoutes,
  inputStreamRoutes,
  streamRoutes,
  otelRoutes,
  pageRoutes,
];

/** All of the server's HTTP, a file per resource. */
export function createApp(server: Server): Hono {
  const app = new Hono();
  app.onError(answerError);
  app.use(hostGuard(server.origin));
  for (const path of ["/api/*", "/realtime/*", "/packets/*", "/engine/*"]) app.use(path, cors);
  // The ways to block a run.
  for (const path of ["/engine/v1/runs/*", "/api/v1/tasks/*", "/api/v3/batches/*"]) app.use(path, attemptGuard(server));
  app.get("/healthcheck", async (c) => {
    await server.db.query("select 1");
    return c.text("OK");
  });
  for (const routes of resources) app.route("/", routes(server));
  app.notFound((c) => notImplemented(c, `${c.req.method} ${c.req.path}`));
  return app;
}
