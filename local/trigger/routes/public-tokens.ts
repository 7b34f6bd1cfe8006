import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import type { Server } from "../engine/context";
import { Refusal } from "../engine/refusal";
import { requireSecret, signPublicToken } from "../http/auth";
import { readJson } from "../http/body";

const TokenBody = z.object({
  scopes: z.array(z.string()).min(1),
  expirationTime: z.union([z.number(), z.string()]).optional(),
  oneTimeUse: z.boolean().optional(),
  realtime: z.object({ skipColumns: z.array(z.string()).optional() }).optional(),
});

export function publicTokenRoutes(server: Server): Hono {
  const app = new Hono().basePath("/api/v1/auth");

  // The SDK adds its scopes to these and signs the token itself, with the secret key. The random id keeps two one-time
  // tokens made in the same second apart; on the real server they are one token.
  app.post("/jwt/claims", async (c) => {
    await requireSecret(c, server);
    return c.json({ sub: server.installation.environmentId, pub: true, jti: randomUUID() });
  });

  app.post("/public-tokens", async (c) => {
    await requireSecret(c, server);
    const body = await readJson(c, TokenBody);
    const claims = {
      scopes: body.scopes,
      ...(body.oneTimeUse ? { otu: true } : {}),
      ...(body.realtime ? { realtime: body.realtime } : {}),
    };
    const token = await signPublicToken(server, claims, body.expirationTime ?? "15m").catch(() => {
      throw new Refusal(400, `Invalid expirationTime "${body.expirationTime}": use for example 15m, or a Unix time.`);
    });
    return c.json({ token });
  });
  return app;
}
