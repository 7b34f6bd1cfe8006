import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Server } from "../engine/context";
import {
  changeVariable,
  deleteVariable,
  type EnvVariable,
  getVariable,
  listVariables,
  setVariables,
} from "../engine/envvars";
import { Refusal } from "../engine/refusal";
import { workerEnv } from "../engine/worker-env";
import { isPersonal, requireSecret } from "../http/auth";
import { readJson } from "../http/body";

const CreateBody = z.object({ name: z.string().min(1), value: z.string(), isSecret: z.boolean().optional() });
const ImportBody = z.object({
  variables: z.record(z.string().min(1), z.string()),
  override: z.boolean().optional(),
  isSecret: z.boolean().optional(),
});
const UpdateBody = z.object({ value: z.string() });

/** The project's environment variables; every run process gets them. */
export function envvarRoutes(server: Server): Hono {
  const { db } = server;
  const app = new Hono().basePath("/api/v1/projects/:ref/envvars");

  app.use(async (c, next) => {
    // A person's token is good for these too: scripts that prepare an environment have no other.
    if (!isPersonal(c, server)) await requireSecret(c, server);
    if (c.req.param("ref") !== server.installation.projectRef)
      throw new Refusal(400, "Invalid project ref for this API key");
    await next();
  });

  // What the CLI fetches for its run processes.
  app.get("/", async (c) => c.json({ variables: await workerEnv(server) }));

  app.get("/:slug", async (c) => {
    requireDev(c);
    return c.json((await listVariables(db)).map(present));
  });

  app.post("/:slug", async (c) => {
    requireDev(c);
    const { name, value, isSecret = false } = await readJson(c, CreateBody);
    await setVariables(server, { variables: { [name]: value }, override: true, isSecret });
    return c.json({ success: true });
  });

  app.post("/:slug/import", async (c) => {
    requireDev(c);
    const { variables, override = false, isSecret = false } = await readJson(c, ImportBody);
    await setVariables(server, { variables, override, isSecret });
    return c.json({ success: true });
  });

  app.get("/:slug/:name", async (c) => {
    requireDev(c);
    return c.json(present(await getVariable(db, c.req.param("name"))));
  });

  app.put("/:slug/:name", async (c) => {
    requireDev(c);
    await changeVariable(server, c.req.param("name"), (await readJson(c, UpdateBody)).value);
    return c.json({ success: true });
  });

  app.delete("/:slug/:name", async (c) => {
    requireDev(c);
    await deleteVariable(server, c.req.param("name"));
    return c.json({ success: true });
  });
  return app;
}

function requireDev(c: Context): void {
  if (c.req.param("slug") !== "dev") throw new Refusal(404, "The local server has a development environment only.");
}

/** A secret is written, never read. */
function present(variable: EnvVariable) {
  return {
    name: variable.name,
    value: variable.is_secret ? "<redacted>" : variable.value,
    isSecret: variable.is_secret,
  };
}
