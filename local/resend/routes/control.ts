import { type Context, Hono } from "hono";
import { bareAddress } from "../addresses";
import { type FaultKind, faultKinds } from "../faults";
import type { Env, World } from "../world";

/** What only the local Resend has, for tests: see and forget mails, plan failures. Not for pages of other sites. */
export function controlRoutes({ mailbox, faults }: World) {
  const app = new Hono<Env>();

  app.use("*", async (c, next) => {
    const site = c.req.header("sec-fetch-site");
    if (site !== undefined && site !== "none" && site !== "same-origin") return refuse(c, "Not for other sites.", 403);
    return next();
  });

  /** All mails, newest first, as stored; `?to=` keeps those to one address. */
  app.get("/emails", (c) => {
    const to = c.req.query("to")?.toLowerCase();
    const emails = mailbox.emails().reverse();
    return c.json(
      emails.filter((email) => to === undefined || email.to.some((address) => bareAddress(address) === to)),
    );
  });

  /** `{ kind, count = 1, delayMs = 1000 }`: the next `count` sends meet it. */
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
    mailbox.clear();
    faults.clear();
    return c.json({ emails: 0 });
  });
  return app;
}

function isFaultKind(kind: string | undefined): kind is FaultKind {
  return faultKinds.some((known) => known === kind);
}

function refuse(c: Context<Env>, message: string, status: 400 | 403) {
  return c.json({ error: message }, status);
}
