import { setTimeout as wait } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono } from "hono";
import { z } from "zod";
import type { Call } from "./call";
import { clockNow } from "./clock";
import { expandAnswer } from "./expand";
import { type FormValue, parseForm } from "./form";
import { fingerprintOf, type Idempotency, keyInUse, trackIdempotency } from "./idempotency";
import { newId } from "./ids";
import { list, parseParams, text } from "./params";
import { ApiError, apiVersion, errorBody, invalidRequest, serverError } from "./wire";
import { newCall, type World } from "./world";

export type App = Hono<{ Bindings: HttpBindings }>;
type Http = Context<{ Bindings: HttpBindings }>;

export type Route = {
  method: "GET" | "POST" | "DELETE";
  path: string;
  params: z.ZodType;
  handle: (call: Call, input: { id: string; params: never }) => object;
};

/** Declares a route whose handler gets the parsed parameters of its shape. Handlers are synchronous: nothing runs in between. */
export function route<Params>(declared: {
  method: Route["method"];
  path: string;
  params: z.ZodType<Params>;
  handle: (call: Call, input: { id: string; params: Params }) => object;
}): Route {
  return declared as Route;
}

type Answer = { status: number; body: string };
const ExpandParam = z.strictObject({ expand: list(text()).optional() });

/** Serves the routes under Stripe's rules: key, version, parameters, idempotency, expansion and errors. */
export function serveApi(app: App, world: World, routes: Route[]): void {
  const idempotency = trackIdempotency(world.store);
  for (const served of routes) {
    app.on(served.method, served.path, (http) =>
      respond(http, world, (id) => run(http, world, idempotency, served, id)),
    );
  }
  app.all("/v1/*", (http) =>
    respond(http, world, () => {
      const url = new URL(http.req.url);
      throw new ApiError(404, {
        type: "invalid_request_error",
        message: `Unrecognized request URL (${http.req.method}: ${url.pathname}). The local Stripe does not have it; see local/stripe/README.md for what it has.`,
      });
    }),
  );
}

/** Null when the connection was closed on purpose. */
type Outcome = (Answer & { replayOf?: string; retryAfterSeconds?: number }) | null;

async function respond(
  http: Http,
  world: World,
  work: (requestId: string) => Outcome | Promise<Outcome>,
): Promise<Response> {
  const requestId = newId("req");
  let outcome: Outcome;
  try {
    authenticate(http, world);
    outcome = await work(requestId);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    outcome = errorAnswer(error);
  }
  if (outcome === null) return hangUp(http);
  const key = http.req.header("idempotency-key");
  return new Response(outcome.body, {
    status: outcome.status,
    headers: {
      "content-type": "application/json",
      "request-id": requestId,
      "stripe-version": apiVersion,
      ...(key ? { "idempotency-key": key } : {}),
      ...(outcome.retryAfterSeconds ? { "retry-after": String(outcome.retryAfterSeconds) } : {}),
      ...(outcome.replayOf ? { "idempotent-replayed": "true", "original-request": outcome.replayOf } : {}),
    },
  });
}

async function run(
  http: Http,
  world: World,
  idempotency: Idempotency,
  served: Route,
  requestId: string,
): Promise<Outcome> {
  const url = new URL(http.req.url);
  const form = served.method === "POST" ? await http.req.text() : url.search.slice(1);
  const key = (served.method === "POST" && http.req.header("idempotency-key")) || null;

  const fault = world.faults.take(served.method, url.pathname);
  if (fault?.kind === "drop_before") return null;
  if (fault?.kind === "error_before") return { status: 500, body: JSON.stringify(errorBody(serverError())) };
  if (fault?.kind === "conflict") throw keyInUse(key ?? "(none)");
  if (fault?.kind === "rate_limit") return { ...errorAnswer(tooMany()), retryAfterSeconds: fault.retryAfterSeconds };

  const fingerprint = fingerprintOf(served.method, url.pathname, form);
  const saved = key === null ? null : idempotency.claim(key, fingerprint, clockNow(world.store));
  if (saved) return { status: saved.status, body: saved.body, replayOf: saved.requestId };
  try {
    if (fault?.kind === "delay") await wait(fault.delayMs, undefined, { signal: world.closing }).catch(() => undefined);
    if (world.closing.aborted) return null;
    // Nothing is saved when parameters are invalid, because then nothing began (https://docs.stripe.com/api/idempotent_requests).
    const { params, expand } = readParams(served, form);
    const call = newCall(world, { requestId, idempotencyKey: key });
    let answer = execute(call, served, { id: http.req.param("id") ?? "", params, expand });
    if (fault?.kind === "error_after") answer = { status: 500, body: JSON.stringify(errorBody(serverError())) };
    if (key !== null) idempotency.save({ key, fingerprint, requestId, savedAt: clockNow(world.store), ...answer });
    world.store.commit();
    world.deliverer.wake();
    return fault?.kind === "drop_after" ? null : answer;
  } finally {
    if (key !== null) idempotency.release(key);
  }
}

function readParams(served: Route, form: string): { params: unknown; expand: string[] } {
  const { expand, ...rest }: { [name: string]: FormValue } = parseForm(form);
  const paths = parseParams(ExpandParam, expand === undefined ? {} : { expand }).expand ?? [];
  return { params: parseParams(served.params, rest), expand: paths };
}

function execute(call: Call, served: Route, input: { id: string; params: unknown; expand: string[] }): Answer {
  try {
    const result = served.handle(call, { id: input.id, params: input.params as never });
    return { status: 200, body: JSON.stringify(expandAnswer(call.store, result, input.expand), null, 2) };
  } catch (error) {
    if (error instanceof ApiError) {
      if (!error.keepsEffects) call.store.discard();
      return errorAnswer(error);
    }
    call.store.discard();
    throw error;
  }
}

function authenticate(http: Http, world: World): void {
  const header = http.req.header("authorization") ?? "";
  const key = header.startsWith("Basic ")
    ? Buffer.from(header.slice(6), "base64").toString().split(":")[0]
    : header.replace(/^Bearer /, "");
  if (!key) {
    throw new ApiError(401, {
      type: "invalid_request_error",
      message: "You did not provide an API key. Send it as 'Authorization: Bearer YOUR_SECRET_KEY'.",
    });
  }
  if (key !== world.options.secretKey) {
    throw new ApiError(401, {
      type: "invalid_request_error",
      message: `Invalid API Key provided: ${key.slice(0, 8)}****`,
    });
  }
  const version = http.req.header("stripe-version");
  if (version !== undefined && version !== apiVersion) {
    throw invalidRequest(`Invalid Stripe API version: ${version}. The local Stripe speaks ${apiVersion} only.`);
  }
}

function errorAnswer(error: ApiError): Answer {
  return { status: error.status, body: JSON.stringify(errorBody(error.fields), null, 2) };
}

function tooMany(): ApiError {
  return new ApiError(429, {
    type: "invalid_request_error",
    code: "rate_limit",
    message: "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
  });
}

function hangUp(http: Http): Response {
  http.env.incoming.socket.destroy();
  return new Response(null);
}
