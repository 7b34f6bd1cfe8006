import { Hono } from "hono";
import type { Server } from "../engine/context";
import { answerWithPage, withoutNullBytes } from "./pages/guards";
import { liveRoutes } from "./pages/live";
import { runPageRoutes } from "./pages/run";
import { runListRoutes } from "./pages/runs";

const resources = [runListRoutes, runPageRoutes, liveRoutes];

/** What a person sees, a file per resource. */
export function pageRoutes(server: Server): Hono {
  const app = new Hono();
  app.onError(answerWithPage);
  app.use(withoutNullBytes);
  for (const routes of resources) app.route("/", routes(server));
  return app;
}
