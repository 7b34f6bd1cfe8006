import { CreateScheduleOptions, UpdateScheduleOptions } from "@trigger.dev/core/v3/schemas";
import { Hono } from "hono";
import type { Server } from "../engine/context";
import type { Schedule } from "../engine/fire-schedule";
import { createSchedule, deleteSchedule, findSchedule, setScheduleActive, updateSchedule } from "../engine/schedules";
import { timezones } from "../engine/timezones";
import { requireSecret } from "../http/auth";
import { readJson } from "../http/body";
import { presentOffsetPage, readOffsetPage } from "../http/offset-page";
import { describeCron } from "../present-schedule";

export function scheduleRoutes(server: Server): Hono {
  const { db } = server;
  const app = new Hono();

  for (const path of ["/api/v1/schedules", "/api/v1/schedules/*"]) {
    app.use(path, async (c, next) => {
      await requireSecret(c, server);
      await next();
    });
  }

  app.get("/api/v1/timezones", (c) =>
    c.json({ timezones: timezones({ excludeUtc: c.req.query("excludeUtc") === "true" }) }),
  );

  app.get("/api/v1/schedules", async (c) => {
    const { page, perPage, offset } = readOffsetPage(c, 50);
    const rows = await db.query<Schedule>("select * from schedule order by seq desc limit $1 offset $2", [
      perPage,
      offset,
    ]);
    const [total] = await db.query<{ count: number }>("select count(*) from schedule");
    const count = total?.count ?? 0;
    return c.json({
      data: rows.map((row) => ({ ...presentWhole(server, row), externalId: row.external_id })),
      pagination: presentOffsetPage(page, perPage, count),
    });
  });

  app.post("/api/v1/schedules", async (c) =>
    c.json(presentWhole(server, await createSchedule(server, await readJson(c, CreateScheduleOptions)))),
  );
  app.get("/api/v1/schedules/:id", async (c) =>
    c.json(presentWhole(server, await findSchedule(db, c.req.param("id")))),
  );
  app.put("/api/v1/schedules/:id", async (c) =>
    c.json(
      presentWhole(server, await updateSchedule(server, c.req.param("id"), await readJson(c, UpdateScheduleOptions))),
    ),
  );
  app.delete("/api/v1/schedules/:id", async (c) => {
    await deleteSchedule(server, c.req.param("id"));
    return c.json({ id: c.req.param("id") });
  });
  app.post("/api/v1/schedules/:id/activate", async (c) =>
    c.json(presentWhole(server, await setScheduleActive(server, c.req.param("id"), true))),
  );
  app.post("/api/v1/schedules/:id/deactivate", async (c) =>
    c.json(presentWhole(server, await setScheduleActive(server, c.req.param("id"), false))),
  );
  return app;
}

function presentWhole({ installation }: Server, schedule: Schedule) {
  return {
    id: schedule.id,
    type: schedule.type,
    task: schedule.task_id,
    active: schedule.active,
    ...(schedule.type === "IMPERATIVE" ? { deduplicationKey: schedule.deduplication_key } : {}),
    ...(schedule.external_id === null ? {} : { externalId: schedule.external_id }),
    generator: { type: "CRON", expression: schedule.cron, description: describeCron(schedule.cron) },
    timezone: schedule.timezone,
    nextRun: schedule.active ? schedule.next_run_at : null,
    nextRunEffectiveAt: schedule.active ? schedule.next_run_at : null,
    environments: [{ id: installation.environmentId, type: "DEVELOPMENT", slug: "dev", userName: "Local Developer" }],
  };
}
