import { Hono } from "hono";
import { cancelRun } from "../engine/cancel-run";
import type { Server } from "../engine/context";
import { friendly, internal } from "../engine/ids";
import { listRuns, type RunFilter, readRunFilter } from "../engine/list-runs";
import { Refusal } from "../engine/refusal";
import { findRun, type Run } from "../engine/run";
import { authenticate, type Caller, requireAccess, requirePersonal, requireScope } from "../http/auth";
import type { Resource } from "../http/scopes";
import { presentListItem, presentRun } from "../present-run";
import { requireProject } from "./account";

/** What a public token may name to read a run: the run, its task, its tags or its batch. */
export function resourcesOfRun(run: Run): Resource[] {
  return [
    { type: "runs", id: friendly("run", run.id) },
    { type: "tasks", id: run.task_id },
    ...run.tags.map((tag) => ({ type: "tags", id: tag })),
    ...(run.batch_id === null ? [] : [{ type: "batch", id: friendly("batch", run.batch_id) }]),
  ];
}

/** The run, if there is one and the caller may read it. */
export async function findForCaller(server: Server, caller: Caller, id: string): Promise<Run> {
  const run = await findRun(server.db, internal("run", id));
  requireScope(caller, "read", run ? resourcesOfRun(run) : [{ type: "runs", id }]);
  return run ?? notFound();
}

/** The run, if there is one and the caller may change it. Its tags and task only open it for reading. */
export async function findToChange(server: Server, caller: Caller, id: string): Promise<Run> {
  requireScope(caller, "write", [{ type: "runs", id }]);
  return (await findRun(server.db, internal("run", id))) ?? notFound();
}

function notFound(): never {
  throw new Refusal(404, "Not found");
}

export function runRoutes(server: Server): Hono {
  const app = new Hono();

  app.get("/api/v3/runs/:id", async (c) => {
    const caller = await authenticate(c, server);
    return c.json(await presentRun(server, await findForCaller(server, caller, c.req.param("id"))));
  });

  app.get("/api/v1/runs", async (c) => {
    const filter = readRunFilter(new URL(c.req.url).searchParams);
    await requireAccess(c, server, "read", [{ type: "runs" }, ...filter.tasks.map((id) => ({ type: "tasks", id }))]);
    return c.json(await presentList(server, filter));
  });

  // The same for the holder of a personal access token, who names the project, and perhaps environments.
  app.get("/api/v1/projects/:ref/runs", async (c) => {
    requirePersonal(c, server);
    requireProject(server, c.req.param("ref"));
    const query = new URL(c.req.url).searchParams;
    const isElsewhere = query.get("filter[env]") && !query.get("filter[env]")?.split(",").includes("dev");
    return c.json(isElsewhere ? { data: [], pagination: {} } : await presentList(server, readRunFilter(query)));
  });

  app.post("/api/v2/runs/:id/cancel", async (c) => {
    const caller = await authenticate(c, server);
    const run = await findToChange(server, caller, c.req.param("id"));
    await cancelRun(server, run.id);
    return c.json({ id: friendly("run", run.id) });
  });
  return app;
}

async function presentList(server: Server, filter: RunFilter) {
  // All runs are in the one region there is.
  const isElsewhere = filter.regions.length > 0 && !filter.regions.includes(server.installation.environmentId);
  if (isElsewhere) return { data: [], pagination: {} };
  const page = await listRuns(server.db, filter);
  return {
    data: page.runs.map((run) => presentListItem(server, run)),
    pagination: { ...(page.next ? { next: page.next } : {}), ...(page.previous ? { previous: page.previous } : {}) },
  };
}
