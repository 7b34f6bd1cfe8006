import type { MiddlewareHandler } from "hono";

const exposed = [
  "x-trigger-jwt",
  "x-trigger-jwt-claims",
  "electric-handle",
  "electric-offset",
  "electric-cursor",
  "electric-schema",
  "electric-up-to-date",
  "x-stream-version",
  "x-session-settled",
].join(", ");

/**
 * Pages of any origin may call the API: every request carries its credential in a header and none in a cookie, so a
 * foreign page gains nothing. The dashboard's own POSTs are not covered; they check the Origin themselves.
 */
export const cors: MiddlewareHandler = async (c, next) => {
  const origin = c.req.header("origin");
  if (c.req.method === "OPTIONS") {
    return c.body(null, 204, {
      "access-control-allow-origin": origin ?? "*",
      "access-control-allow-methods": "GET,HEAD,PUT,PATCH,POST,DELETE",
      "access-control-allow-headers": c.req.header("access-control-request-headers") ?? "authorization,content-type",
      "access-control-max-age": "300",
      vary: "origin, access-control-request-headers",
    });
  }
  await next();
  c.header("access-control-allow-origin", origin ?? "*");
  c.header("access-control-expose-headers", exposed);
};
