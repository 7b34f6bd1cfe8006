import type { AddressInfo } from "node:net";
import { type HttpBindings, serve } from "@hono/node-server";
import { Hono } from "hono";
import { answerPreflight, corsHeaders } from "./cors";
import { S3Error } from "./errors";
import { createFaults, type Faults } from "./faults";
import { findOperation } from "./operations";
import { storagePage } from "./page";
import { headerValue, readRequest, type S3Request } from "./request";
import { checkBucketName } from "./routes/buckets";
import { control } from "./routes/control";
import { type Credentials, verifySignature } from "./signature";
import { openStore, type Store } from "./store";
import { errorResponse } from "./wire";

export type S3Options = Credentials & {
  /** 0 takes a free port. */
  port: number;
  stateDir: string;
  /** Created when missing. */
  buckets: string[];
  /** Origins whose pages may upload and read with presigned URLs, e.g. `http://localhost:3000`. */
  corsOrigins: string[];
};

export type LocalServer = { url: string; port: number; close(): Promise<void> };

/**
 * Starts the local S3 on loopback. Objects survive a restart on the same `stateDir`, also after `kill -9`.
 * Refuses production and any access key that does not begin with LOCAL, so no real key is ever used here.
 */
export async function startS3(options: S3Options): Promise<LocalServer> {
  if (process.env.NODE_ENV === "production") {
    throw new Error(
      "The local S3 is for development and tests and does not start with NODE_ENV=production. Use a real S3.",
    );
  }
  if (!options.accessKeyId.startsWith("LOCAL")) {
    throw new Error(
      "The local S3 takes only an access key id that begins with LOCAL. This one may be real: do not use it here.",
    );
  }
  const store = openStore(options.stateDir);
  for (const name of options.buckets) {
    checkBucketName(name);
    if (!store.bucket(name)) store.createBucket(name, new Date());
  }
  const world = { options, store, faults: createFaults() };

  const app = new Hono<{ Bindings: HttpBindings }>();
  app.all("*", (c) => answer(c.env, world));
  const { server, port } = await listen(app, options.port);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

type World = { options: S3Options; store: Store; faults: Faults };

/** Never throws: whatever goes wrong becomes one of S3's error documents. */
async function answer({ incoming, outgoing }: HttpBindings, world: World): Promise<Response> {
  let request: S3Request | undefined;
  let response: Response;
  try {
    request = readRequest(incoming);
    response = await run(request, world, () => outgoing.destroy());
  } catch (error) {
    if (!(error instanceof S3Error) && !incoming.errored) console.error("The local S3 failed:", error);
    const refusal = error instanceof S3Error ? error : new S3Error("InternalError");
    const about = { resource: request?.rawPath ?? incoming.url ?? "/", requestId: request?.id ?? "0" };
    response = errorResponse(refusal, about, incoming.method !== "HEAD");
  }
  response.headers.set("x-amz-request-id", request?.id ?? "0");
  for (const [name, value] of Object.entries(corsHeaders(incoming, world.options.corsOrigins))) {
    response.headers.set(name, value);
  }
  return response;
}

async function run(request: S3Request, { options, store, faults }: World, drop: () => void): Promise<Response> {
  if (isForPeople(request)) return showPage(request, store, options);
  const controlled = control(request, store, faults);
  if (controlled) return controlled;
  if (request.method === "OPTIONS") return answerPreflight(request.incoming, options.corsOrigins);
  const now = new Date();
  const verified = verifySignature(request, options, now);
  const operation = findOperation(request);
  const fault = await faults.meet(request);
  if (fault.kind === "drop-before") drop();
  if (fault.kind === "drop-before") return new Response(null);
  const response = await operation({ request, verified, store, now });
  if (fault.kind === "drop-after") drop();
  return response;
}

/** A browser at the root, without a signature. The S3 operation there (list buckets) always has one. */
function isForPeople(request: S3Request): boolean {
  const accepts = headerValue(request, "accept") ?? "";
  const signed = headerValue(request, "authorization") !== undefined || request.query.length > 0;
  return request.method === "GET" && request.rawPath === "/" && !signed && accepts.includes("text/html");
}

async function showPage(request: S3Request, store: Store, options: S3Options): Promise<Response> {
  const host = headerValue(request, "host") ?? "";
  const body = await storagePage(store.buckets(), host, options, new Date());
  return new Response(String(body), {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    },
  });
}

async function listen(app: Hono<{ Bindings: HttpBindings }>, port: number) {
  const server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" });
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  return { server, port: (server.address() as AddressInfo).port };
}
