import { configure, runs, streams, tasks } from "@trigger.dev/sdk";
import { beforeAll, expect, test } from "vitest";
import { secretKey, triggerServerForFile } from "./server";
import { TestWorker } from "./worker";

const server = triggerServerForFile();
let worker: TestWorker;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  worker = await new TestWorker(server.url).register([{ id: "task" }]);
});

const write = (runId: string, lines: string[], fromChunk: number) =>
  fetch(`${server.url}/realtime/v1/streams/${runId}/self/numbers`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${secretKey}`,
      "x-client-id": "writer",
      "x-resume-from-chunk": String(fromChunk),
    },
    body: `${lines.join("\n")}\n`,
  });

async function read(runId: string, key: string, count: number, options = {}): Promise<unknown[]> {
  const parts: unknown[] = [];
  for await (const part of await streams.read(runId, key, { timeoutInSeconds: 5, ...options })) {
    parts.push(part);
    if (parts.length === count) break;
  }
  return parts;
}

test("parts that a writer sends again after a broken connection are stored once, in order", async () => {
  const { id } = await tasks.trigger("task", {});
  await write(id, ["1", "2"], 0);
  await write(id, ["2", "3"], 1);

  const head = await fetch(`${server.url}/realtime/v1/streams/${id}/self/numbers`, {
    method: "HEAD",
    headers: { authorization: `Bearer ${secretKey}`, "x-client-id": "writer" },
  });

  expect(head.headers.get("x-last-chunk-index")).toBe("2");
  expect(await read(id, "numbers", 3)).toEqual([1, 2, 3]);
  expect(await read(id, "numbers", 1, { startIndex: 2 })).toEqual([3]);
});

test("a reader who came first gets parts as they are written", async () => {
  const { id } = await tasks.trigger("task", {});
  const reading = read(id, "numbers", 2);

  await write(id, ['{"i":0}'], 0);
  await write(id, ['{"i":1}'], 1);

  expect(await reading).toEqual([{ i: 0 }, { i: 1 }]);
});

test("a record sent before the run asked for it ends its wait at once, and one sent later too", async () => {
  await tasks.trigger("task", {});
  let attempt = await worker.next();
  const outputs: (string | undefined)[] = [];
  const waitForInput = async (lastSeqNum?: number) => {
    const path = `/api/v1/runs/${attempt.runId}/input-streams/wait`;
    const { body } = await worker.call<{ waitpointId: string }>("POST", path, { streamId: "command", lastSeqNum });
    return body.waitpointId;
  };

  await streams.input<string>({ id: "command" }).send(attempt.runId, "early");
  for (const [lastSeqNum, late] of [
    [undefined, undefined],
    [0, "late"],
  ] as const) {
    const waitpointId = await waitForInput(lastSeqNum);
    await worker.waitForToken(attempt, waitpointId);
    if (late) await streams.input<string>({ id: "command" }).send(attempt.runId, late);
    const resumed = await worker.resumed(attempt);
    outputs.push(...resumed.outputs);
    attempt = resumed;
  }

  expect(outputs).toEqual(['"early"', '"late"']);
});

test("a line that is not JSON is a text, and spoils no other part", async () => {
  const { id } = await tasks.trigger("task", {});

  await write(id, ["1", "plain words", '{"n":2}'], 0);

  expect(await read(id, "numbers", 3)).toEqual([1, "plain words", { n: 2 }]);
});

test("two readers of one stream both get everything, and each key is a stream of its own", async () => {
  const { id } = await tasks.trigger("task", {});
  const both = Promise.all([read(id, "a b", 2), read(id, "a b", 2), read(id, "other", 1)]);
  const append = (key: string, part: string) =>
    fetch(`${server.url}/realtime/v1/streams/${id}/self/${encodeURIComponent(key)}/append`, {
      method: "POST",
      headers: { authorization: `Bearer ${secretKey}` },
      body: part,
    });

  await append("a b", "1");
  await append("other", "x");
  await append("a b", "2");

  expect(await both).toEqual([["1", "2"], ["1", "2"], ["x"]]);
});

test("a stream can not be begun or appended to when its run is over, only read", async () => {
  const { id } = await tasks.trigger("task", {}, { delay: "1h" });
  await write(id, ["1"], 0);
  await runs.cancel(id);
  const status = async (method: string, path: string) =>
    (
      await fetch(`${server.url}/realtime/v1/streams/${id}/self/${path}`, {
        method,
        headers: { authorization: `Bearer ${secretKey}` },
        body: method === "POST" ? "late" : undefined,
      })
    ).status;

  expect([await status("PUT", "numbers"), await status("POST", "numbers/append")]).toEqual([400, 400]);
  expect(await read(id, "numbers", 1)).toEqual([1]);
});

test.each(["x", "-1", "1.5"])("a writer that resumes from part %j is refused", async (from) => {
  const { id } = await tasks.trigger("task", {});

  expect((await write(id, ["1"], from as never)).status).toBe(400);
});
