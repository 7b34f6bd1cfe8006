import { configure, runs, tasks } from "@trigger.dev/sdk";
import pg from "pg";
import { beforeAll, expect, test } from "vitest";
import { secretKey, triggerServerForFile } from "./server";
import { type Attempt, TestWorker, until } from "./worker";
import { WorkerSocket } from "./worker-socket";

const server = triggerServerForFile();
let worker: TestWorker;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  worker = await new TestWorker(server.url).register([{ id: "twice", retry: { maxAttempts: 2 } }]);
});

/** The socket a worker keeps open while it executes the run. The server has heard of it when this returns. */
async function watch(attempt: Attempt): Promise<WorkerSocket> {
  const before = await leaseOf(attempt);
  const socket = await WorkerSocket.open(server.url, secretKey);
  socket.subscribe(attempt.runId);
  await until("the server to renew the lease", async () => (await leaseOf(attempt)) !== before);
  return socket;
}

/** Until when the run may be without a sign of life. */
async function leaseOf({ runId }: Attempt): Promise<string> {
  const client = new pg.Client({ connectionString: server.database.url, options: "-c search_path=trigger_local" });
  await client.connect();
  const { rows } = await client.query("select due_at::text from timer where subject = $1", [
    runId.slice("run_".length),
  ]);
  await client.end();
  return rows[0]?.due_at;
}

const nextMessage = () => until("the run back in its queue", async () => (await worker.dequeue())[0]);

test("a run whose worker closes its socket is tried again, and ends when its attempts are used up", async () => {
  const handle = await tasks.trigger("twice", {});
  const first = await worker.next();
  (await watch(first)).drop();

  const second = await worker.start(await nextMessage());
  (await watch(second)).drop();
  const ended = await until("the end", async () => {
    const run = await runs.retrieve(handle.id);
    return run.status === "CRASHED" && run;
  });

  expect(second).toMatchObject({ runId: handle.id, number: 2 });
  expect(ended.attemptCount).toBe(2);
});

test("a worker that comes back in time keeps its run", async () => {
  await tasks.trigger("twice", {});
  const attempt = await worker.next();
  (await watch(attempt)).drop();

  await watch(attempt);
  await new Promise((resolve) => setTimeout(resolve, 400));
  const result = await worker.complete(attempt);

  expect([attempt.number, result.attemptStatus]).toEqual([1, "RUN_FINISHED"]);
});

test("a watchdog's report gives up the runs of its dead worker, but not one that another has taken over", async () => {
  const handle = await tasks.trigger("twice", {});
  await worker.next();
  const report = () => worker.call("POST", "/engine/v1/dev/disconnect", { runFriendlyIds: [handle.id] });

  await report();
  const second = await worker.start(await nextMessage());
  await watch(second);
  await report();
  const result = await worker.complete(second, "kept");

  expect([second.number, result.attemptStatus]).toEqual([2, "RUN_FINISHED"]);
});

test("a worker is told at once that a run of its has a new snapshot", async () => {
  await tasks.trigger("twice", {});
  const attempt = await worker.next();
  const socket = await watch(attempt);
  const told = socket.notification();

  await runs.cancel(attempt.runId);

  expect(await told).toEqual({ version: "1", run: { friendlyId: attempt.runId } });
});

test("a socket without the secret key is refused", async () => {
  await expect(WorkerSocket.open(server.url, undefined)).rejects.toThrow("Invalid API key");
});
