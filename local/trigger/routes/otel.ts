import { Hono } from "hono";

/** Takes what run processes export and forgets it: this server keeps no traces and logs yet. */
export function otelRoutes(): Hono {
  const app = new Hono();
  for (const signal of ["traces", "logs", "metrics"]) {
    app.post(`/otel/v1/${signal}`, async (c) => {
      await c.req.arrayBuffer();
      return c.json({});
    });
  }
  return app;
}
