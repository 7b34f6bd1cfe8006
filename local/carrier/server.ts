import { createHash, timingSafeEqual } from "node:crypto";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { createFaults } from "./faults";
import { controlRoutes } from "./routes/control";
import { deskRoutes } from "./routes/desk";
import { labelRoutes } from "./routes/labels";
import { openLabelBook } from "./store";
import { CarrierError } from "./wire";
import type { Env, World } from "./world";

export type CarrierOptions = {
  /** 0 takes a free port. */
  port: number;
  stateDir: string;
  /** Must begin with `carrier_local`. */
  apiKey: string;
};

export type LocalServer = { url: string; port: number; close(): Promise<void> };

/**
 * Starts the local carrier and its page on loopback. Labels survive a restart on the same `stateDir`, also after
 * `kill -9`. Refuses production and any key that may be real; no parcel is ever moved.
 */
export async function startCarrier(options: CarrierOptions): Promise<LocalServer> {
  if (process.env.NODE_ENV === "production") {
    throw new Error(
      "The local carrier is for development and tests and does not start with NODE_ENV=production. Use a real one.",
    );
  }
  if (!options.apiKey.startsWith("carrier_local")) {
    throw new Error(
      "The local carrier takes only an API key that begins with carrier_local. This one may be real: do not use it here.",
    );
  }
  const book = openLabelBook(options.stateDir);
  const world: World = { apiKey: options.apiKey, book, faults: createFaults() };
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
          book.close();
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
  app.use("/v1/*", async (c, next) => {
    authenticate(c, world.apiKey);
    return next();
  });
  app.route("/", labelRoutes(world));
  app.route("/", deskRoutes(world));
  app.notFound((c) =>
    answerError(
      c,
      new CarrierError(
        "not_found",
        `The local carrier does not have ${c.req.method} ${c.req.path}; see its README.md.`,
      ),
    ),
  );
  app.onError((error, c) => {
    if (error instanceof CarrierError) return answerError(c, error);
    console.error("The local carrier failed:", error);
    return answerError(c, new CarrierError("internal_error", "An unexpected error occurred."));
  });
  return app;
}

function answerError(c: Context<Env>, error: CarrierError) {
  if (error.retryAfterSeconds !== undefined) c.header("retry-after", String(error.retryAfterSeconds));
  return c.json(error.toJSON(), error.status);
}

function authenticate(c: Context<Env>, apiKey: string) {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const header = c.req.header("authorization") ?? "";
  if (!timingSafeEqual(digest(header), digest(`Bearer ${apiKey}`)))
    throw new CarrierError("unauthorized", "The API key in the authorization header is missing or wrong.");
}
