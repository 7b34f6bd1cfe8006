import type { IncomingMessage } from "node:http";
import { S3Error } from "./errors";

const methods = ["GET", "HEAD", "PUT", "POST", "DELETE"];
const exposed =
  "ETag, Content-Range, Content-Disposition, x-amz-request-id, x-amz-checksum-crc32, x-amz-checksum-sha256";

/** The headers that let a page of an allowed origin read this answer; none for other origins. */
export function corsHeaders(incoming: IncomingMessage, origins: string[]): Record<string, string> {
  const origin = incoming.headers.origin;
  if (origin === undefined || !origins.includes(origin)) return {};
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": exposed,
    vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
  };
}

/** Answers a browser's preflight, which carries no signature; AccessForbidden for another origin or method. */
export function answerPreflight(incoming: IncomingMessage, origins: string[]): Response {
  const method = incoming.headers["access-control-request-method"];
  const allowed = corsHeaders(incoming, origins);
  if (!incoming.headers.origin || !method) {
    throw new S3Error("InvalidRequest", "Insufficient information. Origin request header needed.");
  }
  if (!allowed["access-control-allow-origin"] || !methods.includes(method)) {
    throw new S3Error("AccessForbidden", undefined, { Method: method, ResourceType: "OBJECT" });
  }
  return new Response(null, {
    status: 200,
    headers: {
      ...allowed,
      "access-control-allow-methods": methods.join(", "),
      "access-control-allow-headers": incoming.headers["access-control-request-headers"] ?? "*",
      "access-control-max-age": "600",
    },
  });
}
