import { configure, runs, tasks } from "@trigger.dev/sdk";
import { beforeAll, expect, test } from "vitest";
import { secretKey, triggerServerForFile } from "./server";
import { type Attempt, TestWorker } from "./worker";

const server = triggerServerForFile();
let worker: TestWorker;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  worker = await new TestWorker(server.url).register([{ id: "task" }]);
});

const put = (attempt: Attempt, body: object) => worker.call("PUT", `/api/v1/runs/${attempt.runId}/metadata`, body);

test("increments that arrive at the same moment all count, also those of children on their parent", async () => {
  const parent = await tasks.trigger("task", {});
  const attempt = await worker.next();
  const children: Attempt[] = [];
  for (let n = 0; n < 4; n++) {
    await worker.call("POST", "/api/v1/tasks/task/trigger", { payload: "{}", options: { parentRunId: parent.id } });
    children.push(await worker.next());
  }
  const one = { type: "increment", key: "count", value: 1 };

  await Promise.all([
    ...children.flatMap((child) => [put(child, { parentOperations: [one] }), put(child, { rootOperations: [one] })]),
    ...Array.from({ length: 8 }, () => put(attempt, { operations: [one] })),
  ]);

  expect((await runs.retrieve(parent.id)).metadata).toEqual({ count: 16 });
  for (const child of children) expect((await runs.retrieve(child.runId)).metadata).toBeUndefined();
});

test("metadata over 256 KiB is refused and the old stays", async () => {
  const handle = await tasks.trigger("task", {}, { metadata: { small: true } });

  const answer = await worker.call("PUT", `/api/v1/runs/${handle.id}/metadata`, {
    metadata: { big: "x".repeat(300_000) },
  });

  expect(answer.status).toBe(413);
  expect((await runs.retrieve(handle.id)).metadata).toEqual({ small: true });
  await runs.cancel(handle.id);
});

test("operations reach parent and root through three levels, and their own run only by their own", async () => {
  const root = await tasks.trigger("task", {}, { metadata: { log: [] } });
  const rootAttempt = await worker.next();
  const start = async (parentRunId: string) => {
    await worker.call("POST", "/api/v1/tasks/task/trigger", { payload: "{}", options: { parentRunId } });
    return worker.next();
  };
  const middle = await start(root.id);
  const leaf = await start(middle.runId);
  const say = (value: string) => [{ type: "append", key: "log", value }];

  await put(leaf, { operations: say("self"), parentOperations: say("leaf"), rootOperations: say("leaf") });
  await put(middle, { parentOperations: say("middle"), operations: [] });
  await put(rootAttempt, { operations: [{ type: "set", key: "$.log", value: ["replaced"] }] });
  await put(leaf, { rootOperations: say("again") });

  expect((await runs.retrieve(root.id)).metadata).toEqual({ log: ["replaced", "again"] });
  expect((await runs.retrieve(middle.runId)).metadata).toEqual({ log: ["leaf"] });
  expect((await runs.retrieve(leaf.runId)).metadata).toEqual({ log: ["self"] });
});

test("a key that reaches for the prototype is refused", async () => {
  const handle = await tasks.trigger("task", {}, { metadata: { kept: 1 } });

  for (const key of ["__proto__", "$.__proto__.x", "$.a.constructor.b", "$."]) {
    const operations = [{ type: "set", key, value: 1 }];
    expect([key, (await worker.call("PUT", `/api/v1/runs/${handle.id}/metadata`, { operations })).status]).toEqual([
      key,
      400,
    ]);
  }
  expect((await runs.retrieve(handle.id)).metadata).toEqual({ kept: 1 });
});

test("given a whole object and operations, the operations count", async () => {
  const handle = await tasks.trigger("task", {}, { metadata: { kept: 1 } });

  const answer = await worker.call("PUT", `/api/v1/runs/${handle.id}/metadata`, {
    metadata: { lost: 1 },
    operations: [{ type: "set", key: "added", value: null }],
  });

  expect(answer).toEqual({ status: 200, body: { metadata: { kept: 1, added: null } } });
});
