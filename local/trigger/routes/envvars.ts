import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Server } from "../engine/context";
import { Refusal } from "../engine/refusal";
import { workerEnv } from "../engine/worker-env";
import { authenticate } from "../http/auth";
import { readJson } from "../http/body";

const CreateBody = z.object({ name: z.string().min(1), value: z.string(), isSecret: z.boolean().optional() });
const ImportBody = z.object({
  variables: z.record(z.string(), z.string()),
  override: z.boolean().optional(),
});
const UpdateBody = z.object({ value: z.string() });

type Variable = { name: string; value: string; is_secret: boolean };

/** The project's environment variables; every run process gets them. */
export function envvarRoutes(server: Server): Hono {
  const { db } = server;
  const app = new Hono().basePath("/api/v1/projects/:ref/envvars");

  app.use(async (c, next) => {
    const caller = await authenticate(c, server);
    if (caller.kind === "public") throw new Refusal(403, "Unauthorized", "unauthorized");
    if (c.req.param("ref") !== server.installation.projectRef)
      throw new Refusal(400, "Invalid project ref for this API key");
    await next();
  });

  // What the CLI fetches for its run processes.
  app.get("/", async (c) => c.json({ variables: await workerEnv(server) }));

  app.get("/:slug", async (c) => {
    requireDev(c);
    const rows = await db.query<Variable>("select * from envvar order by name");
    return c.json(rows.map(present));
  });

  app.post("/:slug", async (c) => {
    requireDev(c);
    const { name, value, isSecret } = await readJson(c, CreateBody);
    await save(server, name, value, { override: true, isSecret });
    return c.json({ success: true });
  });

  app.post("/:slug/import", async (c) => {
    requireDev(c);
    const { variables, override } = await readJson(c, ImportBody);
    for (const [name, value] of Object.entries(variables))
      await save(server, name, value, { override: override ?? false });
    return c.json({ success: true });
  });

  app.get("/:slug/:name", async (c) => {
    requireDev(c);
    const [variable] = await db.query<Variable>("select * from envvar where name = $1", [c.req.param("name")]);
    if (!variable) throw new Refusal(404, "Environment variable not found");
    return c.json(present(variable));
  });

  app.put("/:slug/:name", async (c) => {
    requireDev(c);
    const { value } = await readJson(c, UpdateBody);
    const changed = await db.query("update envvar set value = $2, updated_at = now() where name = $1 returning name", [
      c.req.param("name"),
      value,
    ]);
    if (changed.length === 0) throw new Refusal(404, "Environment variable not found");
    return c.json({ success: true });
  });

  app.delete("/:slug/:name", async (c) => {
    requireDev(c);
    const deleted = await db.query("delete from envvar where name = $1 returning name", [c.req.param("name")]);
    if (deleted.length === 0) throw new Refusal(404, "Environment variable not found");
    return c.json({ success: true });
  });
  return app;
}

function requireDev(c: Context): void {
  if (c.req.param("slug") !== "dev") throw new Refusal(404, "The local server has a development environment only.");
}

async function save(
  { db }: Server,
  name: string,
  value: string,
  { override, isSecret }: { override: boolean; isSecret?: boolean | undefined },
) {
  await db.query(
    `insert into envvar (name, value, is_secret) values ($1, $2, $3)
     on conflict (name) do ${override ? "update set value = excluded.value, is_secret = excluded.is_secret, updated_at = now()" : "nothing"}`,
    [name, value, isSecret ?? false],
  );
}

function present(variable: Variable) {
  return {
    name: variable.name,
    value: variable.is_secret ? "<redacted>" : variable.value,
    isSecret: variable.is_secret,
  };
}
