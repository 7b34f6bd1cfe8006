import { configure, streams, tasks } from "@trigger.dev/sdk";
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
