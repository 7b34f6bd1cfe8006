import { createHash, timingSafeEqual } from "node:crypto";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { ResendError } from "./errors";
import { createFaults } from "./faults";
import { createIdempotency } from "./idempotency";
import { createRateLimit } from "./rate-limit";
import { controlRoutes } from "./routes/control";
import { emailRoutes } from "./routes/emails";
import { inboxRoutes } from "./routes/inbox";
import { sendRoutes } from "./routes/send";
import { openMailbox } from "./store";
import type { Env, World } from "./world";

export type ResendOptions = {
  /** 0 takes a free port. */
  port: number;
  stateDir: string;
  /** Must begin with `re_local`. */
  apiKey: string;
  /** How many API requests a second before 429; no limit when left out. */
  requestsPerSecond?: number;
};

export type LocalServer = { url: string; port: number; close(): Promise<void> };

/**
 * Starts the local Resend and its inbox page on loopback. Accepted mails survive a restart on the same
 * `stateDir`, also after `kill -9`. Refuses production and any key that may be real; nothing is ever sent.
 */
export async function startResend(options: ResendOptions): Promise<LocalServer> {
  if (process.env.NODE_ENV === "production") {
    throw new Error(
      "The local Resend is for development and tests and does not start with NODE_ENV=production. Use Resend.",
    );
  }
  if (!options.apiKey.startsWith("re_local")) {
    throw new Error(
      "The local Resend takes only an API key that begins with re_local. This one may be real: do not use it here.",
    );
  }
  const mailbox = openMailbox(options.stateDir);
  const world: World = {
    apiKey: options.apiKey,
    mailbox,
    idempotency: createIdempotency(mailbox),
    faults: createFaults(),
    rateLimit: createRateLimit(options.requestsPerSecond),
  };
  const server = serve({ fetch: createApp(world).fetch, port: options.port, hostname: "127.0.0.1" });
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => {
          mailbox.close();
          if (error) reject(error);
          else resolve();
        });
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

function createApp(world: World) {
  const app = new Hono<Env>();
  app.route("/_local", controlRoutes(world));
  for (const path of ["/emails", "/emails/*"]) {
    app.use(path, async (c, next) => {
      const { allowed, headers } = world.rateLimit.take(Date.now());
      for (const [name, value] of Object.entries(headers)) c.header(name, value);
      authenticate(c, world.apiKey);
      if (!allowed) {
        throw new ResendError(
          "rate_limit_exceeded",
          "Too many requests. Please limit the number of requests per second. Or contact support to increase rate limit.",
        );
      }
      return next();
    });
  }
  app.route("/", sendRoutes(world));
  app.route("/", emailRoutes(world));
  app.route("/", inboxRoutes(world));
  app.notFound((c) =>
    answerError(
      c,
      new ResendError(
        "not_found",
        `The requested endpoint does not exist. (The local Resend does not have ${c.req.method} ${c.req.path}.)`,
      ),
    ),
  );
  app.onError((error, c) => {
    if (error instanceof ResendError) return answerError(c, error);
    console.error("The local Resend failed:", error);
    return answerError(c, new ResendError("application_error", "An unexpected error occurred."));
  });
  return app;
}

function answerError(c: Context<Env>, error: ResendError) {
  // The window of the limit is a second.
  if (error.code === "rate_limit_exceeded") c.header("retry-after", "1");
  return c.json(error.toJSON(), error.status as ContentfulStatusCode);
}

function authenticate(c: Context<Env>, apiKey: string) {
  const header = c.req.header("authorization");
  if (!header) throw new ResendError("missing_api_key", "Missing API key in the authorization header.");
  const digest = (text: string) => createHash("sha256").update(text).digest();
  if (!timingSafeEqual(digest(header), digest(`Bearer ${apiKey}`)))
    throw new ResendError("invalid_api_key", "API key is invalid");
}
