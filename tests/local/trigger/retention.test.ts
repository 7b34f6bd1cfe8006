import { configure, runs, tasks, wait } from "@trigger.dev/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase, type Tx } from "@/local/trigger/db/database";
import { dequeue } from "@/local/trigger/engine/dequeue";
import { removeOld } from "@/local/trigger/engine/retention";
import { findWorker } from "@/local/trigger/engine/workers";
import { settingsFrom } from "@/local/trigger/options";
import { secretKey, testOptions, triggerServerForFile } from "./server";
import { TestWorker, until } from "./worker";

const server = triggerServerForFile({ retentionMs: null });
let worker: TestWorker;
let db: Database;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  db = openDatabase(server.database.url);
  worker = await new TestWorker(server.url).register([{ id: "task", retry: { maxAttempts: 1 } }, { id: "parent" }]);
});

afterAll(() => db.end());

const dayMs = 86_400_000;
const inTwoDays = () => new Date(Date.now() + 2 * dayMs);
const remove = (before = inTwoDays()) => removeOld({ db, closing: new AbortController().signal }, before);
const internal = (id: string) => id.slice(id.indexOf("_") + 1);

const remains = async (id: string) => (await db.query("select 1 from run where id = $1", [internal(id)])).length > 0;
const count = async (table: string) => (await db.query<{ n: number }>(`select count(*) as n from ${table}`))[0]?.n;

test("a run goes with everything that belongs to it when its time is over, however it ended", async () => {
  const { id: completed } = await tasks.trigger("task", {});
  const attempt = await worker.next();
  const token = await wait.createToken({ timeout: "1h" });
  await worker.waitForToken(attempt, token.id);
  await wait.completeToken(token.id, {});
  await worker.complete(await worker.resumed(attempt));
  const { id: failed } = await tasks.trigger("task", {});
  await worker.fail(await worker.next(), "no");
  const { id: cancelled } = await tasks.trigger("task", {}, { delay: "1h" });
  await runs.cancel(cancelled);
  await tasks.batchTrigger("task", [{ payload: {} }]);
  await worker.complete(await worker.next());
  await db.query(
    `insert into stream_chunk (run_id, key, seq, id, data) select $1, 'out', n, n, '{}' from generate_series(1, 4500) n`,
    [internal(completed)],
  );
  await db.query("insert into packet (path, content_type, data) values ('big.json', 'application/json', 'x')");
  await db.query("update run set payload = 'big.json', payload_type = 'application/store' where id = $1", [
    internal(completed),
  ]);

  await remove(new Date(Date.now() - dayMs));
  const young = await Promise.all([completed, failed, cancelled].map(remains));
  await remove();

  const tables = [
    "run",
    "snapshot",
    "waitpoint",
    "run_wait",
    "batch",
    "batch_item",
    "stream_chunk",
    "packet",
    "request",
  ];
  expect(young).toEqual([true, true, true]);
  expect(await Promise.all(tables.map(count))).toEqual(tables.map(() => 0));
});

test("a run that is not over stays, however old it is", async () => {
  const { id: executing } = await tasks.trigger("task", {});
  const attempt = await worker.next();
  const { id: queued } = await tasks.trigger("task", {});
  const { id: delayed } = await tasks.trigger("task", {}, { delay: "1h" });

  await remove();

  expect(await Promise.all([executing, queued, delayed].map(remains))).toEqual([true, true, true]);
  await worker.complete(attempt);
  await worker.complete(await worker.next());
  await runs.cancel(delayed);
});

test("a finished child stays while its parent lives, and tells the parent how it ended", async () => {
  const { id: parentId } = await tasks.trigger("parent", {});
  const parent = await worker.next();
  const triggerChild = (resumeParentOnCompletion: boolean) =>
    worker.call<{ id: string }>("POST", "/api/v1/tasks/task/trigger", {
      payload: "{}",
      options: { parentRunId: parentId, resumeParentOnCompletion },
    });
  const { body: aside } = await triggerChild(false);
  await worker.complete(await worker.next());
  const { body: child } = await triggerChild(true);
  await worker.complete(await worker.next(), "from the child");

  await remove();
  const resumed = await worker.resumed(parent);
  const whileParentLives = await Promise.all([aside.id, child.id].map(remains));
  await worker.complete(resumed);
  await remove();

  expect(resumed.outputs).toEqual(['"from the child"']);
  expect(whileParentLives).toEqual([true, true]);
  expect(await Promise.all([parentId, aside.id, child.id].map(remains))).toEqual([false, false, false]);
});

test("a run with a live idempotency key stays for those who trigger again; after the key's time it goes", async () => {
  const { id } = await tasks.trigger("task", {}, { idempotencyKey: "kept", idempotencyKeyTTL: "30d" });
  await worker.complete(await worker.next());

  await remove();
  const again = await tasks.trigger("task", {}, { idempotencyKey: "kept" });
  await db.query("update run set idempotency_key_expires_at = now() - interval '1 second' where id = $1", [
    internal(id),
  ]);
  await remove();

  expect(again.id).toBe(id);
  expect(await remains(id)).toBe(false);
});

test("a packet stays while a replay still reads it", async () => {
  await db.query("insert into packet (path, content_type, data) values ('shared.json', 'application/json', 'x')");
  const { id } = await tasks.trigger("task", {});
  await db.query("update run set payload = 'shared.json', payload_type = 'application/store' where id = $1", [
    internal(id),
  ]);

  await remove();
  const whileNeeded = await count("packet");
  await runs.cancel(id);
  await remove();

  expect([whileNeeded, await count("packet")]).toEqual([1, 0]);
});

test("what a run waited for stays until its worker has come for it", async () => {
  await tasks.trigger("task", {});
  const attempt = await worker.next();
  const token = await wait.createToken({ timeout: "1h" });
  await worker.waitForToken(attempt, token.id);
  await wait.completeToken(token.id, "signed");

  await remove();
  const resumed = await worker.resumed(attempt);
  await worker.complete(resumed);
  await remove();

  expect(resumed.outputs).toEqual(["signed"]);
  expect(await count("waitpoint")).toBe(0);
});

test("a run found by its key stays while somebody waits for it, even after the key's time", async () => {
  const triggerWith = async (options: object) => {
    const body = { payload: "{}", options: { idempotencyKey: "found", ...options } };
    return (await worker.call<{ id: string }>("POST", "/api/v1/tasks/task/trigger", body)).body.id;
  };
  const id = await triggerWith({});
  await worker.complete(await worker.next(), "found");
  const { id: parentRunId } = await tasks.trigger("parent", {});
  const waiting = await worker.next();
  const token = await wait.createToken({ timeout: "1h" });
  await worker.waitForToken(waiting, token.id);
  await triggerWith({ parentRunId, resumeParentOnCompletion: true });
  await db.query("update run set idempotency_key_expires_at = now() where id = $1", [internal(id)]);

  await remove();
  const whileWaited = await remains(id);
  await wait.completeToken(token.id, {});
  await remove();
  const resumed = await worker.resumed(waiting);
  await worker.complete(resumed);
  await remove();

  expect(whileWaited).toBe(true);
  expect(resumed.outputs).toContain('"found"');
  expect(await remains(id)).toBe(false);
});

test("a row that somebody holds is left for the next time instead of waited for", async () => {
  await addFinishedRuns(3);

  await db.transaction(async (tx) => {
    await tx.query("select 1 from run where id = 'finished2' for update");
    await remove();
  });
  const left = await db.query("select id from run");
  await remove();

  expect(left).toEqual([{ id: "finished2" }]);
  expect(await count("run")).toBe(0);
});

test("two servers that remove at once skip each other's rows and remove everything", async () => {
  await addFinishedRuns(1_000);

  await Promise.all([remove(), remove()]);

  expect(await count("run")).toBe(0);
});

test("a server removes by itself what is older than its retention", async () => {
  const { id } = await tasks.trigger("task", {});
  await worker.complete(await worker.next());

  await server.restart({ retentionMs: 200 });

  await until("the run to be removed", async () => !(await remains(id)));
  await server.restart();
});

test("twenty thousand finished runs are not read by whoever looks for the next run", async () => {
  await addFinishedRuns(20_000);
  await db.query("analyze run");
  const { id } = await tasks.trigger("task", {});
  const found = await findWorker(db, internal(worker.id));
  if (!found) throw new Error("the worker is not registered");
  const reads: { text: string; plan: string }[] = [];
  const explain = async (tx: Tx, text: string, values?: unknown[]) => {
    if (!/^select.* from run\b/s.test(text)) return;
    const plan = await tx.query(`explain (format json) ${text}`, values);
    reads.push({ text, plan: JSON.stringify(plan) });
  };
  const explaining: Database = {
    ...db,
    transaction: (work, options) =>
      db.transaction(
        (tx) =>
          work({
            ...tx,
            query: async (text, values) => {
              await explain(tx, text, values);
              return tx.query(text, values);
            },
            prepared: async (text, values) => {
              await explain(tx, text, values);
              return tx.prepared(text, values);
            },
          }),
        options,
      ),
  };

  const handedOut = await dequeue(
    { db: explaining, settings: settingsFrom(testOptions(server.database.url)) } as Parameters<typeof dequeue>[0],
    { worker: found, max: 10 },
  );

  expect(handedOut.dequeued.map(({ run }) => run.id)).toEqual([internal(id)]);
  expect(reads.length).toBeGreaterThanOrEqual(2);
  expect(reads.filter(({ plan }) => /"Node Type":"Seq Scan"[^}]*"Relation Name":"run"/.test(plan))).toEqual([]);
  expect(reads.find(({ text }) => text.includes("order by queue_time"))?.plan).toContain("run_queued");
});

/** Runs as they are after their end, with a snapshot each. */
async function addFinishedRuns(howMany: number): Promise<void> {
  await db.query(
    `insert into run (id, task_id, status, execution_status, queue, queue_time, available_at, completed_at)
     select 'finished' || n, 'task', 'COMPLETED_SUCCESSFULLY', 'FINISHED', 'task/task', now(), now(), now()
     from generate_series(1, $1::int) n`,
    [howMany],
  );
  await db.query(
    `insert into snapshot (id, run_id, execution_status, run_status, description, attempt_number)
     select 'last-' || id, id, 'FINISHED', status, 'Run completed', 1 from run where id like 'finished%'`,
  );
}
