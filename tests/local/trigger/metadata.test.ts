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
});
