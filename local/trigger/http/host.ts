import type { MiddlewareHandler } from "hono";

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Answers only requests that were meant for this machine. A foreign page can make a browser resolve its own name to
 * 127.0.0.1 (DNS rebinding); the Host header then still carries the foreign name.
 */
export function hostGuard(publicUrl: string): MiddlewareHandler {
  const own = new URL(publicUrl).hostname;
  return async (c, next) => {
    const name = hostnameOf(c.req.header("host"));
    if (name !== own && !loopback.has(name)) {
      return c.json({ error: `This server answers to localhost only, not to "${name}".` }, 403);
    }
    await next();
  };
}

function hostnameOf(host = ""): string {
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return "";
  }
}
