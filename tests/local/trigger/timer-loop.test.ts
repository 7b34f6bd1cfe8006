import { configure, runs, tasks } from "@trigger.dev/sdk";
import pg from "pg";
import { beforeAll, expect, test } from "vitest";
import { expectConsoleError } from "@/tests/support/console";
import { secretKey, triggerServerForFile } from "./server";
import { TestWorker, until } from "./worker";

const server = triggerServerForFile();

beforeAll(() => configure({ baseURL: server.url, accessToken: secretKey }));

test("a timer that fails again and again does not keep the others from firing", async () => {
  expectConsoleError(/timer schedule of broken failed/);
  const worker = await new TestWorker(server.url).register([{ id: "task" }]);
  const client = new pg.Client({ connectionString: server.database.url, options: "-c search_path=trigger_local" });
  await client.connect();
  await client.query(
    `insert into schedule (id, type, task_id, deduplication_key, cron, timezone)
     values ('broken', 'IMPERATIVE', 'task', 'broken', 'not a cron', 'UTC')`,
  );
  await client.query(
    "insert into timer (kind, subject, due_at) values ('schedule', 'broken', now() - interval '1 day')",
  );
  await client.end();

  const handle = await tasks.trigger("task", {}, { delay: new Date(Date.now() + 200) });
  const message = await until("the delayed run", async () => (await worker.dequeue())[0]);

  expect(message.run.friendlyId).toBe(handle.id);
  expect((await runs.retrieve(handle.id)).status).not.toBe("DELAYED");
});
