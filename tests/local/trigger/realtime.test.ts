import { auth, configure, runs, tasks } from "@trigger.dev/sdk";
import { beforeAll, expect, test } from "vitest";
import { secretKey, triggerServerForFile } from "./server";
import { TestWorker } from "./worker";

const server = triggerServerForFile();
let worker: TestWorker;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  worker = await new TestWorker(server.url).register([{ id: "task", retry: { maxAttempts: 1 } }]);
});

const putMetadata = (runId: string, metadata: object) =>
  worker.call("PUT", `/api/v1/runs/${runId}/metadata`, { metadata });

test("a subscription shows each state in order and ends by itself", async () => {
  const handle = await tasks.trigger("task", { n: 1 });
  const seen: string[] = [];

  let steps = 0;
  let attempt: Awaited<ReturnType<TestWorker["next"]>> | undefined;
  for await (const run of runs.subscribeToRun(handle.id)) {
    seen.push(run.status);
    if (steps++ === 0) attempt = await worker.next();
    else if (run.status === "EXECUTING" && attempt) await worker.complete(attempt, { done: true });
  }

  expect(seen[0]).toBe("QUEUED");
  expect(seen.at(-1)).toBe("COMPLETED");
  expect(seen).toContain("EXECUTING");
});

test("a change of metadata reaches a subscriber within a second", async () => {
  const handle = await tasks.trigger("task", {});
  const attempt = await worker.next();
  let sentAt = 0;
  let lateMs = Number.POSITIVE_INFINITY;

  for await (const run of runs.subscribeToRun(handle.id)) {
    if (run.metadata?.step === 1) {
      lateMs = Date.now() - sentAt;
      break;
    }
    sentAt = Date.now();
    await putMetadata(handle.id, { step: 1 });
  }
  await worker.complete(attempt);

  expect(lateMs).toBeLessThan(1_000);
});

test("a tag subscription shows runs from before and after, with all of its tags, and no others", async () => {
  const before = await tasks.trigger("task", {}, { tags: ["shop", "blue"] });
  await tasks.trigger("task", {}, { tags: ["shop"] });
  const seen = new Set<string>();
  let after: { id: string } | undefined;

  for await (const run of runs.subscribeToRunsWithTag(["shop", "blue"])) {
    seen.add(run.id);
    after ??= await tasks.trigger("task", {}, { tags: ["blue", "shop", "more"] });
    if (seen.has(after.id)) break;
  }
  for (const message of await worker.dequeue()) await worker.complete(await worker.start(message));

  expect([...seen].sort()).toEqual([before.id, after?.id].sort());
});

test("two changes in the same millisecond are two versions: the later one is not lost", async () => {
  const handle = await tasks.trigger("task", {});
  const attempt = await worker.next();
  const first = await shape(handle.id, "offset=-1");

  await Promise.all([putMetadata(handle.id, { step: 1 }), putMetadata(handle.id, { step: 2 })]);
  const current = (await runs.retrieve(handle.id)).metadata;
  let answer = await shape(handle.id, `live=true&handle=${first.handle}&offset=${first.offset}`);
  while (JSON.stringify(current) !== answer.metadata) {
    answer = await shape(handle.id, `live=true&handle=${first.handle}&offset=${answer.offset}`);
  }
  await worker.complete(attempt);

  expect(answer.operation).toBe("update");
});

test("a subscriber whose handle the server has forgotten gets everything again under a new one", async () => {
  const handle = await tasks.trigger("task", {});
  const first = await shape(handle.id, "offset=-1");

  await server.restart();
  const again = await shape(handle.id, `live=true&handle=${first.handle}&offset=${first.offset}`);
  await worker.complete(await worker.next());

  expect(again.handle).not.toBe(first.handle);
  expect([again.status, again.operation]).toEqual(["PENDING", "insert"]);
});

test("columns a client does not want are left out, except those it can not do without", async () => {
  const handle = await tasks.trigger("task", { secret: 1 });
  const token = await auth.createPublicToken({
    scopes: { read: { runs: [handle.id] } },
    realtime: { skipColumns: ["payload"] },
  });

  const { row } = await shape(handle.id, "offset=-1&skipColumns=output,status", token);
  await worker.complete(await worker.next());

  expect(Object.keys(row)).not.toContain("payload");
  expect(Object.keys(row)).not.toContain("output");
  expect(row.status).toBe("PENDING");
});

async function shape(runId: string, query: string, token = secretKey) {
  const response = await fetch(`${server.url}/realtime/v1/runs/${runId}?${query}`, {
    headers: { authorization: `Bearer ${token}`, "x-trigger-electric-version": "1.0.14" },
  });
  const messages = (await response.json()) as { value?: Record<string, string>; headers: { operation?: string } }[];
  const change = messages.find((message) => message.value);
  return {
    handle: response.headers.get("electric-handle"),
    offset: response.headers.get("electric-offset"),
    operation: change?.headers.operation,
    row: change?.value ?? {},
    status: change?.value?.status,
    metadata: change?.value?.metadata,
  };
}
