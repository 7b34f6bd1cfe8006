import { beforeAll, expect, test } from "vitest";
import { projectRef, triggerServerForFile } from "./server";
import { TestWorker } from "./worker";

const server = triggerServerForFile();
let worker: TestWorker;

beforeAll(() => {
  worker = new TestWorker(server.url);
});

test.each([
  ["gates", { id: "gated", gates: [{ queue: "door" }] }],
  ["concurrency", { id: "limited", concurrency: { inline: { total: 1 } } }],
  ["queue.combinedConcurrencyLimit", { id: "combined", queue: { combinedConcurrencyLimit: 3 } }],
])("a task that declares %s is refused with a sentence instead of run without it", async (option, task) => {
  const answer = await worker.call<{ error: string }>("POST", `/api/v1/projects/${projectRef}/background-workers`, {
    localOnly: true,
    engine: "V2",
    metadata: {
      packageVersion: "4.8.3",
      contentHash: "hash",
      sourceFiles: [],
      tasks: [{ filePath: "tasks.ts", entryPoint: "tasks.mjs", ...task }],
    },
  });

  expect(answer.status).toBe(501);
  expect(answer.body.error).toContain(`The task "${task.id}" declares "${option}"`);
});
