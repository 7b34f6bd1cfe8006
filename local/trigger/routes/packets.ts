import { type Context, Hono } from "hono";
import type { Server } from "../engine/context";
import { Refusal } from "../engine/refusal";
import type { Run } from "../engine/run";
import { authenticate, requireSecret } from "../http/auth";
import { readBytes } from "../http/body";
import { isPresigned, presignedGet, presignedPut } from "../http/presigned";
import { allows } from "../http/scopes";
import { findForCaller, resourcesOfRun } from "./runs";

const packetBytesMax = 64 * 1024 * 1024;

/** Payloads and outputs too large for a row of their own run: the client puts them here and names the path. */
export function packetRoutes(server: Server): Hono {
  const { db } = server;
  const app = new Hono();

  for (const version of ["v1", "v2"]) {
    app.put(`/api/${version}/packets/*`, async (c) => {
      await requireSecret(c, server);
      const path = pathAfter(c, `/api/${version}/packets/`);
      return c.json({ presignedUrl: presignedPut(server, path), storagePath: path });
    });
  }

  app.get("/api/v1/packets/*", async (c) => {
    const path = pathAfter(c, "/api/v1/packets/");
    const caller = await authenticate(c, server);
    if (caller.kind === "public") {
      // A page may read the packets of the runs it may read.
      const runs = await db.query<Run>(
        "select * from run where (payload = $1 and payload_type = 'application/store') or (output = $1 and output_type = 'application/store') limit 10",
        [path],
      );
      if (!runs.some((run) => allows(caller.scopes, "read", resourcesOfRun(run))))
        throw new Refusal(403, "Unauthorized", "unauthorized");
    }
    return c.json({ presignedUrl: presignedGet(server, path) });
  });

  app.get("/api/v1/runs/:id/packets/:field", async (c) => {
    const caller = await authenticate(c, server);
    const run = await findForCaller(server, caller, c.req.param("id"));
    const isPayload = c.req.param("field") === "payload";
    const [data, type] = isPayload ? [run.payload, run.payload_type] : [run.output, run.output_type];
    if (data === null || type !== "application/store") throw new Refusal(404, "This run has no such packet");
    return c.json({ presignedUrl: presignedGet(server, data) });
  });

  app.put("/packets/*", async (c) => {
    const path = requirePresigned(c, server);
    const data = await readBytes(c, packetBytesMax);
    await db.query(
      `insert into packet (path, content_type, data) values ($1, $2, $3)
       on conflict (path) do update set content_type = excluded.content_type, data = excluded.data`,
      [path, c.req.header("content-type") ?? "application/json", data],
    );
    return c.body(null, 200);
  });

  app.get("/packets/*", async (c) => {
    const path = requirePresigned(c, server);
    const [packet] = await db.query<{ content_type: string; data: Buffer }>(
      "select content_type, data from packet where path = $1",
      [path],
    );
    if (!packet) throw new Refusal(404, "Packet not found");
    // The client takes the content type for the packet's data type.
    return c.body(new Uint8Array(packet.data), 200, { "content-type": packet.content_type });
  });
  return app;
}

function pathAfter(c: Context, prefix: string): string {
  const raw = new URL(c.req.url).pathname.slice(prefix.length);
  const path = raw.split("/").map(decodeURIComponent).join("/");
  if (path === "" || path.split("/").includes("..")) throw new Refusal(400, "Invalid packet path");
  return path;
}

function requirePresigned(c: Context, server: Server): string {
  const path = pathAfter(c, "/packets/");
  if (!isPresigned(server, c.req.method, path, c.req.query()))
    throw new Refusal(403, "This address is not valid, or not any more.");
  return path;
}
