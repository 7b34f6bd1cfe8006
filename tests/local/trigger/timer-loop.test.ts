import { EventEmitter } from "node:events";
import { setImmediate as immediate, setTimeout as sleep } from "node:timers/promises";
import { configure, runs, tasks } from "@trigger.dev/sdk";
import pg from "pg";
import { beforeAll, expect, test } from "vitest";
import type { Server } from "@/local/trigger/engine/context";
import { startTimerLoop } from "@/local/trigger/engine/timer-loop";
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

test("a due timer that somebody else has locked is looked at again after a rest, not without one", async () => {
  const closing = new AbortController();
  let looks = 0;
  const db = {
    query: async () => [],
    prepared: async () => {
      looks++;
      await immediate();
      return [{ pause: -1, ready: false }];
    },
    // What is locked is skipped.
    transaction: (work: (tx: object) => Promise<unknown>) => work({ query: async () => [] }),
  };
  const { done } = startTimerLoop({
    db,
    listener: new EventEmitter(),
    closing: closing.signal,
    settings: { pollMs: 5_000 },
  } as unknown as Server);

  await sleep(200);
  closing.abort();
  await done;

  expect(looks).toBeGreaterThan(1);
  expect(looks).toBeLessThan(45);
});
