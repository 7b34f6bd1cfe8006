import { Hono } from "hono";
import type { Server } from "../engine/context";
import { answerWithPage, withoutNullBytes } from "./pages/guards";
import { liveRoutes } from "./pages/live";
import { queuePageRoutes } from "./pages/queues";
import { runPageRoutes } from "./pages/run";
import { runListRoutes } from "./pages/runs";
import { schedulePageRoutes } from "./pages/schedules";
import { taskRoutes } from "./pages/tasks";
import { tokenPageRoutes } from "./pages/tokens";

const resources = [
  runListRoutes,
  runPageRoutes,
  taskRoutes,
  schedulePageRoutes,
  queuePageRoutes,
  tokenPageRoutes,
  liveRoutes,
];

/** What a person sees, a file per resource. */
export function pageRoutes(server: Server): Hono {
  const app = new Hono();
  app.onError(answerWithPage);
  app.use(withoutNullBytes);
  for (const routes of resources) app.route("/", routes(server));
  return app;
}
