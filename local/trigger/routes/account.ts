import { Hono } from "hono";
import type { Server } from "../engine/context";
import { Refusal } from "../engine/refusal";
import { requirePersonal } from "../http/auth";

/** Anything else in their place is another address of the project. */
const environments = new Set(["dev", "staging", "prod", "preview"]);

/** What the CLI asks before it starts: who am I, which project, with which key. */
export function accountRoutes(server: Server): Hono {
  const { installation, settings, origin } = server;
  const app = new Hono();

  app.use("/api/v2/whoami", async (c, next) => {
    requirePersonal(c, server);
    await next();
  });
  app.get("/api/v2/whoami", (c) => c.json({ userId: "local", email: "local@example.com", dashboardUrl: origin }));
  app.get("/api/v1/platform-notifications", (c) => c.json({ notification: null }));

  app.get("/api/v1/projects/:ref", (c) => {
    requirePersonal(c, server);
    requireProject(server, c.req.param("ref"));
    return c.json({
      id: installation.projectId,
      externalRef: installation.projectRef,
      name: "Local project",
      slug: "local",
      createdAt: new Date(0),
      organization: { id: installation.organizationId, title: "Local", slug: "local", createdAt: new Date(0) },
    });
  });

  app.get("/api/v1/projects/:ref/:environment", async (c, next) => {
    if (!environments.has(c.req.param("environment"))) return next();
    requirePersonal(c, server);
    requireProject(server, c.req.param("ref"));
    if (c.req.param("environment") !== "dev")
      throw new Refusal(404, "The local server has a development environment only.");
    return c.json({
      apiKey: settings.secretKey,
      name: "Local project",
      apiUrl: origin,
      projectId: installation.projectId,
    });
  });
  return app;
}

/** For who holds a personal access token and names the project. */
export function requireProject({ installation }: Server, ref: string): void {
  if (ref !== installation.projectRef) {
    throw new Refusal(404, `Project ${ref} is not here: this server serves ${installation.projectRef}.`);
  }
}
