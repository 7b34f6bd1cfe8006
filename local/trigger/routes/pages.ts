import { type Context, Hono, type MiddlewareHandler } from "hono";
import { html } from "hono/html";
import { cancelRun } from "../engine/cancel-run";
import type { Server } from "../engine/context";
import { friendly, internal } from "../engine/ids";
import { replayRun } from "../engine/replay-run";
import { findRun, type Run } from "../engine/run";
import { page } from "../pages/layout";
import { runListPage } from "../pages/run-list";
import { runPage } from "../pages/run-page";
import { scheduleListPage } from "../pages/schedule-list";

/** What a person sees: the runs, one run, the schedules. */
export function pageRoutes(server: Server): Hono {
  const app = new Hono();

  app.get("/", async (c) =>
    page(c, { title: "Runs", at: "runs", body: await runListPage(server, new URL(c.req.url).searchParams) }),
  );
  app.get("/schedules", async (c) =>
    page(c, { title: "Schedules", at: "schedules", body: await scheduleListPage(server) }),
  );

  app.get("/runs/:id", async (c) => {
    const run = await find(server, c);
    return run ? page(c, { title: run.task_id, at: "runs", body: await runPage(server, run) }) : notFound(c);
  });

  app.post("/runs/:id/cancel", sameOrigin, async (c) => {
    const run = await find(server, c);
    if (!run) return notFound(c);
    await cancelRun(server, run.id);
    return c.redirect(`/runs/${friendly("run", run.id)}`, 303);
  });

  app.post("/runs/:id/replay", sameOrigin, async (c) => {
    const run = await find(server, c);
    if (!run) return notFound(c);
    const replayed = await replayRun(server, run.id, {});
    return c.redirect(`/runs/${friendly("run", replayed.id)}`, 303);
  });
  return app;
}

function find(server: Server, c: Context): Promise<Run | null> {
  return findRun(server.db, internal("run", c.req.param("id") ?? ""));
}

function notFound(c: Context) {
  return page(c, {
    title: "Not found",
    at: "runs",
    status: 404,
    body: html`<h1>No such run</h1><p>It may have been in another database.</p>`,
  });
}

/** The pages ask for no password, so a button may only be pressed on the page itself, not by a form on another site. */
const sameOrigin: MiddlewareHandler = async (c, next) => {
  const origin = c.req.header("origin");
  if (!origin || origin === "null" || new URL(origin).host !== c.req.header("host")) {
    return page(c, {
      title: "Refused",
      at: "runs",
      status: 403,
      body: html`<h1>Refused</h1><p>This button works on this page only.</p>`,
    });
  }
  await next();
};
