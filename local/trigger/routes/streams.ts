import { type Context, Hono } from "hono";
import type { Server } from "../engine/context";
import { internal } from "../engine/ids";
import { Refusal } from "../engine/refusal";
import { findRun, type Run } from "../engine/run";
import { isFinal } from "../engine/status";
import { authenticate, requireAccess, requireSecret } from "../http/auth";
import { readText } from "../http/body";
import { serveStream } from "../realtime/serve-stream";
import { appendParts, lastWritten } from "../realtime/streams";
import { findForCaller, resourcesOfRun } from "./runs";

const partBytesMax = 1024 * 1024;
const lineMax = 16 * 1024 * 1024;

/** What tasks stream out, and who reads it. */
export function streamRoutes(server: Server): Hono {
  const { db } = server;
  const app = new Hono().basePath("/realtime/v1/streams/:run");

  app.put("/:target/:key", async (c) => {
    const { run, key } = await requireWritable(c, server);
    requireUnfinished(run);
    await rememberStream(server, run, key);
    // "v1" makes the client send its parts here instead of to S2.
    return c.json({ version: "v1" }, 202);
  });

  app.post("/:target/:key/append", async (c) => {
    const { run, key } = await requireWritable(c, server);
    requireUnfinished(run);
    const part = await readText(c, partBytesMax);
    await rememberStream(server, run, key);
    await db.transaction((tx) => appendParts(tx, run.id, key, [JSON.stringify(part)]));
    return c.json({ ok: true });
  });

  app.post("/:target/:key", async (c) => {
    const { run, key } = await requireWritable(c, server);
    const writer = c.req.header("x-client-id") ?? "unknown";
    let index = chunkNumber(c.req.header("x-resume-from-chunk"));
    for await (const lines of linesOf(c.req.raw.body)) {
      const firstIndex = index;
      index += lines.length;
      await db.transaction((tx) => appendParts(tx, run.id, key, lines.map(jsonText), { writer, firstIndex }));
    }
    return c.body(null, 200);
  });

  // Hono routes HEAD as GET; a GET of this address means nothing.
  app.get("/:target/:key", async (c) => {
    if (c.req.method !== "HEAD") throw new Refusal(405, "Read a stream at /realtime/v1/streams/:run/:key");
    const { run, key } = await requireWritable(c, server);
    const last = await lastWritten(db, run.id, key, c.req.header("x-client-id") ?? "unknown");
    return c.body(null, 200, { "x-last-chunk-index": String(last) });
  });

  app.get("/:key", async (c) => {
    const caller = await authenticate(c, server);
    const run = await findForCaller(server, caller, c.req.param("run") ?? "");
    return serveStream(c, server, { runId: run.id, key: c.req.param("key") });
  });
  return app;
}

/** A task writes to its own run, or to its parent's or root's. */
async function requireWritable(c: Context, server: Server): Promise<{ run: Run; key: string }> {
  await requireSecret(c, server);
  const [, runId = "", target = "", key = ""] =
    /\/streams\/([^/]+)\/([^/]+)\/([^/]+)/.exec(new URL(c.req.url).pathname) ?? [];
  const own = await findRun(server.db, internal("run", runId));
  if (!own) throw new Refusal(404, "Run not found");
  const id = { self: own.id, parent: own.parent_id, root: own.root_id ?? own.id }[target];
  const run = id ? await findRun(server.db, id) : null;
  if (!run) throw new Refusal(404, `Run ${runId} has no ${target} to stream to`);
  return { run, key: decodeURIComponent(key) };
}

/** Nobody waits for the end of a stream that begins when its run is over. */
function requireUnfinished(run: Run): void {
  if (isFinal(run.status)) throw new Refusal(400, "A stream can not be written to: its run is completed");
}

function chunkNumber(text = "0"): number {
  if (!/^\d{1,15}$/.test(text)) throw new Refusal(400, `Invalid X-Resume-From-Chunk header value: ${text}`);
  return Number(text);
}

/** A line that is not JSON is a text of its own, or it would spoil all parts that are read with it. */
function jsonText(line: string): string {
  try {
    JSON.parse(line);
    return line;
  } catch {
    return JSON.stringify(line);
  }
}

async function rememberStream({ db }: Server, run: Run, key: string): Promise<void> {
  await db.query(
    "update run set realtime_streams = array_append(realtime_streams, $2) where id = $1 and not ($2 = any(realtime_streams))",
    [run.id, key],
  );
}

/** The lines of a body as they arrive. */
async function* linesOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<string[]> {
  if (!body) return;
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of body as unknown as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > lineMax) throw new Refusal(413, `A part of a stream may have at most ${lineMax} characters.`);
    const full = lines.filter((line) => line.trim() !== "");
    if (full.length > 0) yield full;
  }
  if (rest.trim() !== "") yield [rest];
}

/** For the input routes, which have their own scope. */
export async function requireInputAccess(c: Context, server: Server, action: "read" | "write"): Promise<Run> {
  const runId = c.req.param("run") ?? "";
  const run = await findRun(server.db, internal("run", runId));
  const resources = [{ type: "inputStreams", id: runId }, ...(run && action === "read" ? resourcesOfRun(run) : [])];
  await requireAccess(c, server, action, resources);
  if (!run) throw new Refusal(404, "Run not found");
  return run;
}
