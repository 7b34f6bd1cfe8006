import { createHmac, timingSafeEqual } from "node:crypto";
import type { Server } from "../engine/context";

const lifeMs = 300_000;

function signature({ settings }: Server, method: string, path: string, expires: number): string {
  return createHmac("sha256", settings.secretKey).update(`${method}\n${path}\n${expires}`).digest("hex");
}

function presigned(server: Server, method: "GET" | "PUT", path: string): string {
  const expires = Date.now() + lifeMs;
  const query = new URLSearchParams({ expires: String(expires), signature: signature(server, method, path, expires) });
  return `${server.origin}/packets/${path.split("/").map(encodeURIComponent).join("/")}?${query}`;
}

/** An address on this server that reads one packet without credentials for five minutes. */
export const presignedGet = (server: Server, path: string) => presigned(server, "GET", path);
/** The same for writing it. */
export const presignedPut = (server: Server, path: string) => presigned(server, "PUT", path);

export function isPresigned(
  server: Server,
  method: string,
  path: string,
  query: { expires?: string; signature?: string },
): boolean {
  const expires = Number(query.expires);
  if (!Number.isFinite(expires) || expires < Date.now()) return false;
  const wanted = Buffer.from(signature(server, method, path, expires));
  const given = Buffer.from(query.signature ?? "");
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}
