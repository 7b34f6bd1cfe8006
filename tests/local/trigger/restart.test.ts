import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { configure, runs, tasks, wait } from "@trigger.dev/sdk";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { startTriggerServer } from "@/local/trigger/server";
import { expectConsoleError } from "@/tests/support/console";
import { emptyDatabase } from "@/tests/support/database";
import { accessToken, projectRef, secretKey, testOptions, triggerServerForFile } from "./server";
import { TestWorker, until } from "./worker";

/** The server as its own process, the way the shop starts it. */
async function startProcess(databaseUrl: string, port = "0"): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", "local/trigger/main.ts"], {
    env: {
      ...process.env,
      NODE_ENV: "test",
      TRIGGER_LOCAL_PORT: port,
      TRIGGER_LOCAL_DATABASE_URL: databaseUrl,
      TRIGGER_SECRET_KEY: secretKey,
      TRIGGER_ACCESS_TOKEN: accessToken,
      TRIGGER_PROJECT_REF: projectRef,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const url = /http:\/\/\S+/.exec(line.toString())?.[0];
  if (!url) throw new Error(`The server said: ${line.toString()}`);
  return { child, url };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

test("a server killed in the middle of a run, a wait and a delay goes on with all of them", async () => {
  const database = await emptyDatabase();
  onTestFinished(() => database.close());
  const first = await startProcess(database.url);
  configure({ baseURL: first.url, accessToken: secretKey });
  const worker = await new TestWorker(first.url).register([{ id: "task" }]);
  await tasks.trigger("task", { n: 1 });
  const executing = await worker.next();
  await tasks.trigger("task", { n: 2 });
  const waiting = await worker.next();
  const token = await wait.createToken({ timeout: "1h" });
  await worker.waitForToken(waiting, token.id);
  const delayed = await tasks.trigger("task", { n: 3 }, { delay: new Date(Date.now() + 300) });

  await kill(first.child);
  await startProcess(database.url, new URL(first.url).port);
  await worker.complete(executing, "survived");
  await wait.completeToken(token, "answer");
  const resumed = await worker.resumed(waiting);
  await worker.complete(resumed, resumed.outputs[0]);
  const message = await until("the delayed run", async () => (await worker.dequeue())[0]);

  expect((await runs.retrieve(executing.runId)).output).toBe("survived");
  expect((await runs.retrieve(waiting.runId)).output).toBe("answer");
  expect(message.run.friendlyId).toBe(delayed.id);
}, 60_000);

test("SIGTERM ends the server with exit code 0", async () => {
  const database = await emptyDatabase();
  const { child } = await startProcess(database.url);

  const exited = once(child, "exit");
  child.kill("SIGTERM");

  expect(await exited).toEqual([0, null]);
  await database.close();
}, 30_000);

const server = triggerServerForFile();

test("while the database is away requests are answered 503 and may be repeated; afterwards all is as before", async () => {
  expectConsoleError(/timers pause/);
  configure({ baseURL: server.url, accessToken: secretKey });
  const worker = await new TestWorker(server.url).register([{ id: "task" }]);
  const admin = new pg.Client({ connectionString: process.env.TEST_POSTGRES_URL });
  await admin.connect();
  onTestFinished(() => admin.end());

  await admin.query(`alter database "${server.database.name}" allow_connections false`);
  await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [
    server.database.name,
  ]);
  const away = await fetch(`${server.url}/api/v1/runs`, { headers: { authorization: `Bearer ${secretKey}` } });
  await admin.query(`alter database "${server.database.name}" allow_connections true`);
  const asked = until("a run through LISTEN or the poll", async () => (await worker.dequeue())[0]);
  const handle = await tasks.trigger("task", {});
  const message = await asked;

  expect([away.status, away.headers.get("x-should-retry")]).toEqual([503, "true"]);
  expect(message.run.friendlyId).toBe(handle.id);
}, 30_000);

test("a server closes although a client keeps a request and its connections open", async () => {
  const own = await startTriggerServer(testOptions(server.database.url));
  const socket = connect(own.port, "127.0.0.1");
  await once(socket, "connect");
  socket.write("POST /api/v1/tasks/task/trigger HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n{");
  const presence = fetch(`${own.url}/engine/v1/dev/presence`, { headers: { authorization: `Bearer ${secretKey}` } });
  await presence;
  const began = Date.now();

  await own.close();

  expect(Date.now() - began).toBeLessThan(2_000);
  socket.destroy();
});
