import { Hono } from "hono";
import { drawLabel } from "../label-pdf";
import { listPage } from "../pages/list-page";
import type { Env, World } from "../world";
import { pdf } from "./labels";

/** The page a person looks at: which labels were bought. */
export function deskRoutes({ book }: World) {
  const app = new Hono<Env>();
  app.get("/", (c) => {
    c.header(
      "content-security-policy",
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'",
    );
    return c.html(listPage(book.labels().reverse()));
  });
  app.get("/desk/:reference/pdf", async (c) => pdf(c, await drawLabel(book.find(c.req.param("reference")))));
  return app;
}
