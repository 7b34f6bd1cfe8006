import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { watch } from "../db/listener";
import type { Server } from "../engine/context";
import { lastSeq, readParts, type StreamPart } from "./streams";

const pingMs = 10_000;
const idleDefaultSeconds = 15;
const idleMaxSeconds = 600;

/** A stream as server-sent events (version 2 of the wire): everything after the last part the reader has, then what comes. */
export async function serveStream(
  c: Context,
  server: Server,
  { runId, key }: { runId: string; key: string },
): Promise<Response> {
  const { db, listener, closing } = server;
  const asked = Number(c.req.header("timeout-seconds") ?? idleDefaultSeconds);
  const idleMs = Math.min(idleMaxSeconds, Math.max(1, Number.isFinite(asked) ? asked : idleDefaultSeconds)) * 1000;
  let after = await startAfter(c, server, runId, key);
  c.header("x-stream-version", "v2");
  c.header("cache-control", "no-cache");
  return streamSSE(c, async (stream) => {
    const events = watch(listener, ["stream"], (name) => name === `${runId}/${key}`);
    stream.onAbort(() => events.close());
    try {
      let idleSince = Date.now();
      await stream.writeSSE({ event: "ping", data: JSON.stringify({ timestamp: Date.now() }) });
      while (!stream.aborted && !closing.aborted) {
        const parts = await readParts(db, runId, key, after);
        const last = parts.at(-1);
        if (last) {
          await stream.writeSSE({ id: `${last.seq},${parts.length},0`, event: "batch", data: batchText(parts, last) });
          after = last.seq;
          idleSince = Date.now();
          continue;
        }
        const left = idleSince + idleMs - Date.now();
        if (left <= 0) break;
        await events.wait(Math.min(left, pingMs), closing);
        if (Date.now() - idleSince >= pingMs)
          await stream.writeSSE({ event: "ping", data: JSON.stringify({ timestamp: Date.now() }) });
      }
      if (!stream.aborted) await stream.writeSSE({ data: "[DONE]" });
    } finally {
      events.close();
    }
  });
}

async function startAfter(c: Context, { db }: Server, runId: string, key: string): Promise<number> {
  const given = c.req.header("last-event-id");
  if (given !== undefined) {
    const seq = Number.parseInt(given, 10);
    return Number.isNaN(seq) ? -1 : seq;
  }
  return c.req.header("x-trigger-stream-start") === "latest" ? lastSeq(db, runId, key) : -1;
}

function batchText(parts: StreamPart[], last: StreamPart): string {
  return JSON.stringify({
    records: parts.map((part) => ({
      seq_num: part.seq,
      timestamp: part.created_at.getTime(),
      body: `{"data":${part.data},"id":${JSON.stringify(part.id)}}`,
    })),
    tail: { seq_num: last.seq + 1, timestamp: last.created_at.getTime() },
  });
}
