import { type Context, Hono } from "hono";
import { type FaultKind, faultKinds } from "../faults";
import type { Env, World } from "../world";

/** What only the local carrier has, for tests: see and forget labels, plan failures. Not for pages of other sites. */
export function controlRoutes({ book, faults }: World) {
  const app = new Hono<Env>();

  app.use("*", async (c, next) => {
    const site = c.req.header("sec-fetch-site");
    if (site !== undefined && site !== "none" && site !== "same-origin") return refuse(c, "Not for other sites.", 403);
    return next();
  });

  /** All labels, oldest first, as stored. */
  app.get("/labels", (c) => c.json(book.labels()));

  /** `{ kind, count = 1, delayMs = 1000 }`: the next `count` calls meet it. */
  app.post("/faults", async (c) => {
    const { kind, count = 1, delayMs = 1000 } = await c.req.json<{ kind?: string; count?: number; delayMs?: number }>();
    if (!isFaultKind(kind)) return refuse(c, `kind must be one of ${faultKinds.join(", ")}.`, 400);
    if (!Number.isInteger(count) || count < 1) return refuse(c, "count must be a whole number from 1.", 400);
    faults.plan({ kind, count, delayMs });
    return c.json({ planned: { kind, count, delayMs } });
  });

  app.delete("/faults", (c) => {
    faults.clear();
    return c.json({ planned: null });
  });

  app.post("/reset", (c) => {
    book.clear();
    faults.clear();
    return c.json({ labels: 0 });
  });
  return app;
}

function isFaultKind(kind: string | undefined): kind is FaultKind {
  return faultKinds.some((known) => known === kind);
}

function refuse(c: Context<Env>, message: string, status: 400 | 403) {
  return c.json({ error: message }, status);
}
