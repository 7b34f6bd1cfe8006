import { configure, runs, tasks } from "@trigger.dev/sdk";
import pg from "pg";
import { io, type Socket } from "socket.io-client";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { secretKey, triggerServerForFile } from "./server";
import { type Attempt, TestWorker, until } from "./worker";

const server = triggerServerForFile();
let worker: TestWorker;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  worker = await new TestWorker(server.url).register([{ id: "twice", retry: { maxAttempts: 2 } }]);
});

/** The socket a worker keeps open while it executes the run. */
async function watch(attempt: Attempt): Promise<Socket> {
  const socket = io(`${server.url}/dev-worker`, {
    transports: ["websocket"],
    extraHeaders: { Authorization: `Bearer ${secretKey}` },
  });
  onTestFinished(() => void socket.close());
  await new Promise((resolve) => socket.on("connect", () => resolve(undefined)));
  socket.emit("run:subscribe", { version: "1", runFriendlyIds: [attempt.runId] });
  await until("the server to hear of it", () => isLeased(attempt));
  return socket;
}

/** A run that is watched by a socket has 15 seconds at a time; one that is not has a minute. */
async function isLeased({ runId }: Attempt): Promise<boolean> {
  const client = new pg.Client({ connectionString: server.database.url, options: "-c search_path=trigger_local" });
  await client.connect();
  const { rows } = await client.query(
    "select 1 from timer where subject = $1 and due_at < now() + interval '20 seconds'",
    [runId.slice("run_".length)],
  );
  await client.end();
  return rows.length > 0;
}

const nextMessage = () => until("the run back in its queue", async () => (await worker.dequeue())[0]);

test("a run whose worker closes its socket is tried again, and ends when its attempts are used up", async () => {
  const handle = await tasks.trigger("twice", {});
  const first = await worker.next();
  (await watch(first)).close();

  const second = await worker.start(await nextMessage());
  (await watch(second)).close();
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
  (await watch(attempt)).close();

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
  const told = new Promise((resolve) => socket.on("run:notify", resolve));

  await runs.cancel(attempt.runId);

  expect(await told).toEqual({ version: "1", run: { friendlyId: attempt.runId } });
});

test("a socket without the secret key is refused", async () => {
  const socket = io(`${server.url}/dev-worker`, { transports: ["websocket"], reconnection: false });
  onTestFinished(() => void socket.close());

  const error = await new Promise<Error>((resolve) => socket.on("connect_error", resolve));

  expect(error.message).toBe("Invalid API key");
});
