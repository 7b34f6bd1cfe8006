import { createHash, timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import { decodeJwt, jwtVerify, SignJWT } from "jose";
import type { Server } from "../engine/context";
import { Refusal } from "../engine/refusal";
import { allows, type Resource } from "./scopes";

const issuer = "https://id.trigger.dev";
const audience = "https://api.trigger.dev";

/** Who sent a request: the project's backend, or the holder of a public token. */
export type Caller =
  | { kind: "secret" }
  | { kind: "public"; scopes: string[]; skipColumns: string[]; oneTimeHash: string | undefined };

export function bearerOf(c: Context): string {
  const header = c.req.header("authorization");
  if (!header) throw new Refusal(401, "No authorization header provided");
  return header.replace(/^Bearer\s+/i, "");
}

function equal(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Whether the caller holds the personal access token. */
export function isPersonal(c: Context, server: Server): boolean {
  return equal(bearerOf(c), server.settings.accessToken);
}

/** For the CLI's account endpoints: the personal access token. */
export function requirePersonal(c: Context, server: Server): void {
  if (!isPersonal(c, server)) throw new Refusal(401, "Invalid or Missing Access Token");
}

/** For everything only the project's backend and its worker may do. Public tokens are valid, but not for this. */
export async function requireSecret(c: Context, server: Server): Promise<void> {
  const caller = await authenticate(c, server);
  if (caller.kind === "public") throw new Refusal(403, "Unauthorized", "unauthorized");
}

/** For what a public token with a fitting scope may do too. */
export async function requireAccess(
  c: Context,
  server: Server,
  action: string,
  resources: Resource[],
): Promise<Caller> {
  const caller = await authenticate(c, server);
  requireScope(caller, action, resources);
  return caller;
}

export function requireScope(caller: Caller, action: string, resources: Resource[]): void {
  if (caller.kind === "public" && !allows(caller.scopes, action, resources))
    throw new Refusal(403, "Unauthorized", "unauthorized");
}

export async function authenticate(c: Context, server: Server): Promise<Caller> {
  const token = bearerOf(c);
  if (equal(token, server.settings.secretKey)) return { kind: "secret" };
  if (!isPublicToken(token)) throw new Refusal(401, "Invalid API key");
  const claims = await verify(token, server).catch(() => {
    throw new Refusal(401, "Public Access Token is invalid");
  });
  const realtime = claims.realtime as { skipColumns?: unknown } | undefined;
  return {
    kind: "public",
    scopes: strings(claims.scopes),
    skipColumns: strings(realtime?.skipColumns),
    oneTimeHash: claims.otu === true ? createHash("sha256").update(token).digest("hex") : undefined,
  };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function isPublicToken(token: string): boolean {
  try {
    return decodeJwt(token).pub === true;
  } catch {
    return false;
  }
}

const signingKeys = new Map<string, Promise<CryptoKey>>();

/** Every answer to a trigger carries a token: the key is made ready once. */
function signingKey(secretKey: string): Promise<CryptoKey> {
  const known = signingKeys.get(secretKey);
  if (known !== undefined) return known;
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = crypto.subtle.importKey("raw", new TextEncoder().encode(secretKey), algorithm, false, ["sign", "verify"]);
  signingKeys.set(secretKey, key);
  return key;
}

async function verify(token: string, { settings, installation }: Server) {
  const { payload } = await jwtVerify(token, await signingKey(settings.secretKey), {
    algorithms: ["HS256"],
    issuer,
    audience,
    subject: installation.environmentId,
    requiredClaims: ["exp"],
  });
  return payload;
}

export type TokenClaims = { scopes: string[]; otu?: boolean; realtime?: unknown };

/** A public access token: an HS256 JWT signed with the environment's secret key, as the SDK itself makes them. */
export async function signPublicToken(
  { settings, installation }: Server,
  claims: TokenClaims,
  expires: string | number | Date,
): Promise<string> {
  return new SignJWT({ sub: installation.environmentId, pub: true, ...claims })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(await signingKey(settings.secretKey));
}

/** Adds a ready-made token to an answer, so that a client which can not sign (a browser) gets one too. */
export async function attachToken(c: Context, server: Server, scopes: string[], expires: string): Promise<void> {
  c.header("x-trigger-jwt", await signPublicToken(server, { scopes }, expires));
  c.header("x-trigger-jwt-claims", JSON.stringify({ sub: server.installation.environmentId, pub: true, scopes }));
}
