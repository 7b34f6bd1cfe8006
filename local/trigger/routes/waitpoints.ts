import { createHmac, timingSafeEqual } from "node:crypto";
import { CompleteWaitpointTokenRequestBody, CreateWaitpointTokenRequestBody } from "@trigger.dev/core/v3/schemas";
import { Hono } from "hono";
import type { Server } from "../engine/context";
import { friendly, internal } from "../engine/ids";
import { listTokens, readTokenFilter, tokenStatus } from "../engine/list-tokens";
import { Refusal } from "../engine/refusal";
import { completeToken, createToken, findToken } from "../engine/wait-tokens";
import type { Waitpoint } from "../engine/waitpoints";
import { attachToken, requireAccess, requireSecret } from "../http/auth";
import { readJson, readText } from "../http/body";

export function waitpointRoutes(server: Server): Hono {
  const app = new Hono().basePath("/api/v1/waitpoints/tokens");

  app.post("/", async (c) => {
    await requireSecret(c, server);
    const { waitpoint, isCached } = await createToken(server, await readJson(c, CreateWaitpointTokenRequestBody));
    const id = friendly("waitpoint", waitpoint.id);
    await attachToken(c, server, [`write:waitpoints:${id}`], "24h");
    return c.json({ id, isCached, url: callbackUrl(server, waitpoint.id) });
  });

  app.get("/", async (c) => {
    await requireSecret(c, server);
    const page = await listTokens(server.db, readTokenFilter(new URL(c.req.url).searchParams));
    return c.json({
      data: page.tokens.map((token) => presentToken(server, token)),
      pagination: { ...(page.next ? { next: page.next } : {}), ...(page.previous ? { previous: page.previous } : {}) },
    });
  });

  app.get("/:id", async (c) => {
    await requireAccess(c, server, "read", [{ type: "waitpoints", id: c.req.param("id") }]);
    const waitpoint = await findToken(server, internal("waitpoint", c.req.param("id")));
    if (!waitpoint) throw new Refusal(404, "Waitpoint not found");
    return c.json({
      ...presentToken(server, waitpoint),
      type: "MANUAL",
      userProvidedIdempotencyKey: waitpoint.user_key !== null,
      ...(waitpoint.output === null ? {} : { output: waitpoint.output }),
      outputType: waitpoint.output_type,
      outputIsError: waitpoint.output_is_error,
    });
  });

  app.post("/:id/complete", async (c) => {
    await requireAccess(c, server, "write", [{ type: "waitpoints", id: c.req.param("id") }]);
    const { data } = await readJson(c, CompleteWaitpointTokenRequestBody);
    await completeToken(server, internal("waitpoint", c.req.param("id")), data);
    return c.json({ success: true });
  });

  // The address carries its own proof, so that any service can be told to call it.
  app.post("/:id/callback/:hash", async (c) => {
    const id = internal("waitpoint", c.req.param("id"));
    if (!isCallbackHash(server, id, c.req.param("hash"))) throw new Refusal(401, "Invalid URL, hash doesn't match");
    await completeToken(server, id, jsonOrEmpty(await readText(c)));
    return c.json({ success: true });
  });
  return app;
}

/** A service that sends something else than JSON, or nothing, still says that it is done. */
function jsonOrEmpty(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function callbackHash({ settings }: Server, id: string): string {
  return createHmac("sha256", settings.secretKey).update(id).digest("hex");
}

function isCallbackHash(server: Server, id: string, given: string): boolean {
  const wanted = Buffer.from(callbackHash(server, id));
  return wanted.length === Buffer.byteLength(given) && timingSafeEqual(wanted, Buffer.from(given));
}

function callbackUrl(server: Server, id: string): string {
  return `${server.origin}/api/v1/waitpoints/tokens/${friendly("waitpoint", id)}/callback/${callbackHash(server, id)}`;
}

function presentToken(server: Server, waitpoint: Waitpoint) {
  return {
    id: friendly("waitpoint", waitpoint.id),
    url: callbackUrl(server, waitpoint.id),
    status: tokenStatus(waitpoint),
    ...(waitpoint.completed_at === null ? {} : { completedAt: waitpoint.completed_at }),
    ...(waitpoint.completed_after === null
      ? {}
      : { timeoutAt: waitpoint.completed_after, completedAfter: waitpoint.completed_after }),
    idempotencyKey: waitpoint.user_key ?? waitpoint.id,
    ...(waitpoint.key_expires_at === null ? {} : { idempotencyKeyExpiresAt: waitpoint.key_expires_at }),
    tags: waitpoint.tags,
    createdAt: waitpoint.created_at,
  };
}
