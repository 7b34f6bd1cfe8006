import { gzipSync } from "node:zlib";
import { configure, runs, tasks } from "@trigger.dev/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "@/local/trigger/db/database";
import { removeOld } from "@/local/trigger/engine/retention";
import { readTrace } from "@/local/trigger/traces/read-trace";
import { TraceWriter } from "@/local/trigger/traces/trace-writer";
import { logExport, spanExport } from "./otlp";
import { secretKey, triggerServerForFile } from "./server";
import { TestWorker, until } from "./worker";

const server = triggerServerForFile({ retentionMs: null });
let db: Database;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  db = openDatabase(server.database.url);
  await new TestWorker(server.url).register([{ id: "task" }]);
});

afterAll(() => db.end());

const internal = (id: string) => id.slice(id.indexOf("_") + 1);
let made = 0;
const newRunId = () => `run_trace${++made}`;

async function send(signal: string, body: unknown, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(`${server.url}/otel/v1/${signal}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
  });
  await response.text();
  return response.status;
}

const traceOf = (runId: string) =>
  until("the trace to be stored", async () => {
    const trace = await readTrace(db, internal(runId));
    return trace.spans.length + trace.logs.length > 0 && trace;
  });

/** What was sent before is stored when what was sent after it is. */
async function afterMarker(): Promise<void> {
  const marker = newRunId();
  await send("traces", spanExport({ runId: marker, id: "00000000000000aa", name: "marker" }));
  await traceOf(marker);
}

test("spans and log lines are kept with their run, without the platform's own attributes", async () => {
  const runId = newRunId();

  await send(
    "traces",
    spanExport({
      runId,
      id: "a8bf071cf5269e49",
      name: "Attempt 1",
      tookMs: 27,
      attributes: { "$style.icon": "attempt", "$output.x": 1, board: "oak" },
    }),
  );
  await send("logs", logExport({ runId, message: "no gas", level: 17, attributes: { pressure: 0 } }));
  await afterMarker();

  const { spans, logs } = await traceOf(runId);
  expect(spans).toMatchObject([
    {
      id: "a8bf071cf5269e49",
      name: "Attempt 1",
      icon: "attempt",
      duration_us: 27_000,
      attributes: '{"board":"oak"}',
      error: null,
    },
  ]);
  expect(logs).toMatchObject([
    { span_id: "a8bf071cf5269e49", level: 17, message: "no gas", attributes: '{"pressure":0}' },
  ]);
});

test("a span that has begun is shown until its end arrives, and its end is never undone", async () => {
  const runId = newRunId();
  const begun = spanExport({ runId, id: "c8bf071cf5269e49", partialOf: "a8bf071cf5269e49", name: "run()" });

  await send("traces", begun);
  const before = await traceOf(runId);
  await send(
    "traces",
    spanExport({ runId, id: "a8bf071cf5269e49", name: "run()", tookMs: 5, error: "the saw jammed" }),
  );
  await afterMarker();
  await send("traces", begun);
  await afterMarker();

  const after = await traceOf(runId);
  expect(before.spans).toMatchObject([{ id: "a8bf071cf5269e49", duration_us: null }]);
  expect(after.spans).toMatchObject([
    { id: "a8bf071cf5269e49", duration_us: 5_000, error: "Error: the saw jammed\n    at run" },
  ]);
});

test("an export that is sent twice is stored once", async () => {
  const runId = newRunId();
  const spans = spanExport({ runId, id: "a8bf071cf5269e49", name: "run()", tookMs: 5 });
  const logs = logExport({ runId, message: "once" }, { runId, message: "twice" });

  for (let time = 0; time < 2; time++) {
    await send("traces", spans);
    await send("logs", logs);
    await afterMarker();
  }

  const trace = await traceOf(runId);
  expect([trace.spans.length, trace.logs.length]).toEqual([1, 2]);
});

test("a zipped export is understood", async () => {
  const runId = newRunId();
  const body = gzipSync(JSON.stringify(spanExport({ runId, id: "a8bf071cf5269e49", name: "zipped" })));

  expect(await send("traces", body, { "content-encoding": "gzip" })).toBe(200);
  expect((await traceOf(runId)).spans).toMatchObject([{ name: "zipped" }]);
});

test("null bytes, halves of characters and long texts are stored as something that can be shown", async () => {
  const runId = newRunId();

  const hostile = {
    runId,
    id: "a8bf071cf5269e49",
    name: "nul\0name \ud800",
    attributes: { "k\0ey": "v\0", long: "x".repeat(50_000) },
  };
  expect(await send("traces", spanExport(hostile))).toBe(200);
  expect(await send("logs", logExport({ runId, message: `\0${"y".repeat(100_000)}` }))).toBe(200);
  await afterMarker();

  const { spans, logs } = await traceOf(runId);
  expect(spans[0]?.name).toBe("nul\uFFFDname \uFFFD");
  expect(spans[0]?.attributes?.length).toBeLessThan(3_000);
  expect(logs[0]?.message.length).toBeLessThan(9_000);
});

describe("an export is answered with", () => {
  const zippedZeros = gzipSync(Buffer.alloc(40 * 1024 * 1024));

  test.each<[string, number, unknown, Record<string, string>]>([
    ["400 when it is not JSON", 400, "{", {}],
    ["400 when it is not the gzip it says", 400, "{}", { "content-encoding": "gzip" }],
    ["413 when it is huge", 413, " ".repeat(17 * 1024 * 1024), {}],
    ["413 when it unpacks to something huge", 413, zippedZeros, { "content-encoding": "gzip" }],
    ["415 when it is protobuf", 415, "x", { "content-type": "application/x-protobuf" }],
    ["415 when it is packed in another way", 415, "{}", { "content-encoding": "br" }],
    ["403 when a web page sent it", 403, "{}", { origin: "https://elsewhere.example" }],
    [
      "200 when nothing in it is readable",
      200,
      { resourceSpans: [null, { scopeSpans: [{ spans: [1, { name: {} }] }] }] },
      {},
    ],
    ["200 when it belongs to no run", 200, spanExport({ runId: "nobody", id: "a8bf071cf5269e49", name: "x" }), {}],
  ])("%s", async (_, status, body, headers) => {
    expect(await send("traces", body, headers)).toBe(status);
  });

  test("200 when it is metrics, which are not kept", async () => {
    expect(await send("metrics", {})).toBe(200);
  });
});

test("a trace goes with its run, and one without a run when its time is over", async () => {
  const { id: runId } = await tasks.trigger("task", {}, { delay: "1h" });
  await runs.cancel(runId);
  const orphan = newRunId();
  for (const id of [runId, orphan]) {
    await send("traces", spanExport({ runId: id, id: "a8bf071cf5269e49", name: "run()" }));
    await send("logs", logExport({ runId: id, message: "line" }));
  }
  await afterMarker();
  await db.query("update run set completed_at = now() - interval '3 days' where id = $1", [internal(runId)]);

  const remove = (hours: number) =>
    removeOld({ db, closing: new AbortController().signal }, new Date(Date.now() + hours * 3_600_000));
  await remove(-24);
  const [ofRun, ofOrphan] = await Promise.all([readTrace(db, internal(runId)), readTrace(db, internal(orphan))]);
  await remove(24);
  const gone = await readTrace(db, internal(orphan));

  expect([ofRun.spans.length, ofRun.logs.length]).toEqual([0, 0]);
  expect([ofOrphan.spans.length, ofOrphan.logs.length]).toEqual([1, 1]);
  expect([gone.spans.length, gone.logs.length]).toEqual([0, 0]);
});

test("what was taken in before the server closes is stored", async () => {
  const runId = newRunId();

  await send("traces", spanExport({ runId, id: "a8bf071cf5269e49", name: "last words" }));
  await server.restart();

  expect((await readTrace(db, internal(runId))).spans).toMatchObject([{ name: "last words" }]);
});

test("what waits to be stored is bounded in bytes, not only in rows", async () => {
  let stored = 0;
  const writer = new TraceWriter({
    query: async (_, values = []) => {
      stored += (values[0] as string[]).length;
      return [];
    },
  });
  const line = (hash: number) => ({ run_id: "r", at_us: 1, hash, span_id: null, level: 1, attributes: null });
  const megabytes = (count: number) =>
    writer.addLogs(Array.from({ length: count }, (_, n) => ({ ...line(n), message: "x".repeat(1024 * 1024) })));

  megabytes(100);
  await until("some to be stored", async () => stored > 0);
  const first = stored;
  megabytes(5);
  await writer.close();

  expect(first).toBe(31);
  expect(stored - first).toBe(5);
});
