import { type Context, Hono } from "hono";
import { readParcel } from "../label-input";
import { drawLabel } from "../label-pdf";
import { CarrierError, toLabel } from "../wire";
import type { Env, World } from "../world";

const referencePattern = /^[\w-]{1,100}$/;

/** PUT, GET and DELETE /v1/labels/:reference, and its PDF. */
export function labelRoutes({ book, faults }: World) {
  const app = new Hono<Env>();

  app.put("/v1/labels/:reference", async (c) => {
    const reference = referenceOf(c);
    const planned = await faults.meetPlanned();
    if (planned === "before") return drop(c);
    const parcel = readParcel(await c.req.json().catch(() => undefined));
    const byStreet = await faults.meetByStreet(reference, parcel.to.line1);
    if (byStreet === "before") return drop(c);
    const { label, isNew } = book.buy(reference, parcel, new Date());
    if (planned === "after" || byStreet === "after") return drop(c);
    return c.json(toLabel(label), isNew ? 201 : 200);
  });

  app.get("/v1/labels/:reference", (c) => c.json(toLabel(book.find(referenceOf(c)))));

  app.get("/v1/labels/:reference/pdf", async (c) => {
    if ((await faults.meetPlanned()) !== undefined) return drop(c);
    const label = book.find(referenceOf(c));
    if (label.voidedAt) throw new CarrierError("label_void", `The label for "${label.reference}" was taken back.`);
    return pdf(c, await drawLabel(label));
  });

  app.delete("/v1/labels/:reference", async (c) => {
    const planned = await faults.meetPlanned();
    if (planned === "before") return drop(c);
    const label = book.void(referenceOf(c), new Date());
    return planned === "after" ? drop(c) : c.json(toLabel(label));
  });
  return app;
}

function referenceOf(c: Context<Env, string>): string {
  const reference = c.req.param("reference") ?? "";
  if (referencePattern.test(reference)) return reference;
  throw new CarrierError("invalid_request", "A reference has 1 to 100 letters, digits, dashes and underscores.");
}

export function pdf(c: Context<Env>, bytes: Buffer): Response {
  c.header("content-type", "application/pdf");
  return c.body(new Uint8Array(bytes));
}

/** Closes the connection without an answer; the response returned is never sent. */
function drop(c: Context<Env>): Response {
  c.env.outgoing.destroy();
  return c.body(null);
}
