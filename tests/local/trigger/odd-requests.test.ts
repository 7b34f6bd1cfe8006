import { configure, runs, streams, tasks, wait } from "@trigger.dev/sdk";
import { beforeAll, describe, expect, test } from "vitest";
import { secretKey, triggerServerForFile } from "./server";
import { TestWorker } from "./worker";

const server = triggerServerForFile();
let worker: TestWorker;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  worker = await new TestWorker(server.url).register([{ id: "task" }, { id: "cron", triggerSource: "schedule" }]);
});

const send = async (method: string, path: string, body?: BodyInit | object) => {
  const isRaw = body === undefined || typeof body === "string" || body instanceof ReadableStream;
  const response = await fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${secretKey}` },
    body: isRaw ? body : JSON.stringify(body),
    ...(body instanceof ReadableStream ? { duplex: "half" as const } : {}),
  });
  const text = await response.text();
  return { status: response.status, text };
};

const trigger = (options: object, payload: unknown = "{}") =>
  send("POST", "/api/v1/tasks/task/trigger", { payload, options });

const nul = "a\u0000b";
const half = "a\ud800b";

describe("a value Postgres can not keep is the caller's mistake, not the server's", () => {
  test.each([
    ["a tag", { tags: [nul] }],
    ["a tag with half a character", { tags: [half] }],
    ["an idempotency key", { idempotencyKey: nul }],
    ["a concurrency key", { concurrencyKey: nul }],
    ["a queue", { queue: { name: nul } }],
    ["a priority beyond all numbers", { priority: 1e300 }],
    ["a priority beyond all dates", { priority: 1e12 }],
    ["a number of attempts", { maxAttempts: 1e12 }],
    [
      "a key longer than an index takes",
      {
        idempotencyKey: Array.from({ length: 2048 }, (_, n) => String.fromCharCode(0x4e00 + ((n * 7919) % 20000))).join(
          "",
        ),
      },
    ],
  ])("%s in the options of a run", async (_, options) => {
    const { status, text } = await trigger(options);

    expect(status).toBe(400);
    expect(text).not.toMatch(/unicode|encoding|syntax|index row/i);
  });

  test.each([
    ["GET", "/api/v3/runs/run_%00"],
    ["GET", "/api/v1/runs?filter%5Btag%5D=%00"],
    ["GET", "/api/v1/runs?page%5Bafter%5D=%00"],
    ["GET", "/api/v2/batches/batch_%00"],
    ["GET", "/api/v1/waitpoints/tokens/waitpoint_%00"],
    ["GET", "/api/v1/queues/%00"],
    ["GET", "/api/v1/queues/%25ZZ?type=custom"],
    ["GET", "/realtime/v1/runs/run_%00?offset=-1"],
    ["GET", "/realtime/v1/runs?tags=%00&offset=-1"],
    ["PUT", "/api/v2/packets/%ZZ"],
  ])("%s %s", async (method, path) => {
    expect((await send(method, path)).status).toBe(400);
  });
});

test("plain text with a NUL or half a character reaches the task and comes back as it was", async () => {
  const { id } = await tasks.trigger("task", nul);
  const attempt = await worker.next();
  await worker.complete(attempt);

  expect(attempt.payload).toBe(nul);
  expect((await runs.retrieve(id)).payload).toBe(nul);
  expect((await trigger({ payloadType: "text/plain" }, half)).status).toBe(200);
  await worker.complete(await worker.next());

  const token = await wait.createToken({ timeout: "1m" });
  await wait.completeToken(token, nul);
  expect((await wait.retrieveToken(token)).output).toBe(nul);
});

test("a task may return and throw anything, and its run ends with it", async () => {
  const returned = await tasks.trigger("task", {});
  await worker.completeAs(await worker.next(), "text/plain", nul);
  const thrown = await tasks.trigger("task", {}, { maxAttempts: 1 });
  await worker.fail(await worker.next(), `${nul} ${half} \\u0000`);

  expect((await runs.retrieve(returned.id)).output).toBe(nul);
  expect(await runs.retrieve(thrown.id)).toMatchObject({
    status: "FAILED",
    error: { message: "ab a\ufffdb \\u0000" },
  });
});

describe("a body that means nothing is a 400", () => {
  test.each([
    ["nothing", ""],
    ["half of JSON", '{"payload":'],
    ["null", "null"],
    ["a list", "[]"],
    [
      "lists in lists in lists",
      `{"payload":"{}","options":{"metadata":{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}}}`,
    ],
  ])("%s", async (_, body) => {
    expect((await send("POST", "/api/v1/tasks/task/trigger", body)).status).toBe(400);
  });
});

test("a body without an announced length is not read beyond the limit", async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent += 1;
      if (sent > 200) return controller.close();
      controller.enqueue(new Uint8Array(1024 * 1024).fill(32));
    },
  });

  const status = await send("POST", "/api/v1/tasks/task/trigger", endless).then(
    (answer) => answer.status,
    () => 413,
  );

  expect(status).toBe(413);
  expect(sent).toBeLessThan(60);
});

test("task ids may hold slashes and any letters", async () => {
  for (const id of ["emails/send", "größe €", "a b", "100%"]) {
    const { id: runId } = await tasks.trigger(id, {});
    expect((await runs.retrieve(runId)).taskIdentifier).toBe(id);
  }
});

test("a part of a stream may hold anything but can not be too long", async () => {
  const { id } = await tasks.trigger("task", {});

  const append = (part: string) => send("POST", `/realtime/v1/streams/${id}/self/notes/append`, part);
  expect((await append("x\u0000")).status).toBe(200);
  expect((await append("x".repeat(2 * 1024 * 1024))).status).toBe(413);

  for await (const part of await streams.read<string>(id, "notes", { timeoutInSeconds: 1 }))
    expect(part).toBe("x\u0000");
});
