import { Hono } from "hono";
import { html } from "hono/html";
import type { Server } from "../../engine/context";
import { runScheduleNow } from "../../engine/fire-schedule";
import { friendly } from "../../engine/ids";
import { listSchedules, pauseSchedule } from "../../engine/schedules";
import { page } from "../../pages/layout";
import { scheduleListPart } from "../../pages/schedule-list";
import { pageNumberOf, sameOrigin } from "./guards";
import { noticeOf, withNotice } from "./notices";

/** The schedules: when they run next, run one now, pause one. */
export function schedulePageRoutes(server: Server): Hono {
  const app = new Hono();

  app.get("/schedules", async (c) => {
    const query = new URL(c.req.url).searchParams;
    const [task, number] = [query.get("task") ?? "", pageNumberOf(query)];
    const body = scheduleListPart(await listSchedules(server.db, { task, page: number }), task, number);
    return page(c, {
      title: "Schedules",
      at: "schedules",
      body: [html`<h1>Schedules</h1>`, noticeOf(query)],
      live: { url: "/live/floor", body },
    });
  });

  app.post("/schedules/:id/run", sameOrigin, async (c) => {
    const run = await runScheduleNow(server, c.req.param("id"));
    return c.redirect(`/runs/${friendly("run", run.id)}`, 303);
  });

  for (const [verb, isPaused] of [
    ["pause", true],
    ["resume", false],
  ] as const) {
    app.post(`/schedules/:id/${verb}`, sameOrigin, async (c) => {
      await pauseSchedule(server, c.req.param("id"), isPaused);
      return c.redirect(withNotice("/schedules", isPaused ? "paused" : "resumed"), 303);
    });
  }
  return app;
}
