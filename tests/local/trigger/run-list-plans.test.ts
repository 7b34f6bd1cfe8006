import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "@/local/trigger/db/database";
import { countMatching } from "@/local/trigger/engine/bulk-runs";
import { readFloor } from "@/local/trigger/engine/floor";
import { listRuns } from "@/local/trigger/engine/list-runs";
import { listQueues } from "@/local/trigger/engine/queues";
import { filterOf, readRunSearch } from "@/local/trigger/engine/run-search";
import { listTasks } from "@/local/trigger/engine/task-list";
import { triggerServerForFile } from "./server";
import { TestWorker } from "./worker";

const server = triggerServerForFile({ retentionMs: null });
let db: Database;

/** Two days of a busy shop: nearly everything went well, some failed, a few wait. */
beforeAll(async () => {
  await new TestWorker(server.url).register([{ id: "task-1" }, { id: "task-2" }, { id: "never" }]);
  db = openDatabase(server.database.url, { connectionsMax: 1 });
  await db.query("alter table run disable trigger run_changed");
  await db.query(
    `insert into run (id, number, task_id, status, execution_status, queue, queue_time, available_at, created_at, tags)
     select 'run' || n, n + 10, 'task-' || n % 20,
       case when n > 99950 then 'PENDING' when n % 3000 = 0 then 'CRASHED' when n % 500 = 0 then 'COMPLETED_WITH_ERRORS' else 'COMPLETED_SUCCESSFULLY' end,
       case when n > 99950 then 'QUEUED' else 'FINISHED' end,
       'task/task-' || n % 20, now(), now(), now() - (100000 - n) * interval '2 seconds', array['ord_' || n / 10, 'shop']
     from generate_series(1, 100000) n`,
  );
  await db.query("alter table run enable trigger run_changed");
  await db.query("vacuum analyze run");
});

afterAll(() => db.end());

type Plan = {
  "Node Type": string;
  "Relation Name"?: string;
  "Shared Hit Blocks": number;
  "Shared Read Blocks": number;
  Plans?: Plan[];
};

/** A database that explains each statement instead of only running it, and what it found out. */
function explaining() {
  const seen: { pages: number; scans: string[] }[] = [];
  const scansOf = (plan: Plan): string[] => [
    ...(plan["Node Type"].includes("Seq Scan") && plan["Relation Name"] === "run" ? ["Seq Scan on run"] : []),
    ...(plan.Plans ?? []).flatMap(scansOf),
  ];
  const query: Database["query"] = async (text, values) => {
    const [row] = await db.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
      `explain (analyze, buffers, format json) ${text}`,
      values,
    );
    const plan = row?.["QUERY PLAN"][0].Plan;
    if (plan) seen.push({ pages: plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], scans: scansOf(plan) });
    return db.query(text, values);
  };
  return { seen, query };
}

const pagesMax = 1_500;

test.each([
  ["everything", ""],
  ["one rare status", "status=CRASHED"],
  ["several statuses of failure", "status=CRASHED&status=FAILED&status=EXPIRED"],
  ["a status that nothing has", "status=TIMED_OUT"],
  ["what is queued", "status=QUEUED"],
  ["what runs, which is nothing", "status=EXECUTING&status=DEQUEUED"],
  ["what is delayed, which is nothing", "status=DELAYED"],
  ["a task", "task=task-7"],
  ["a task that never ran", "task=never"],
  ["the failures of a task", "task=task-0&status=CRASHED"],
  ["a rare tag", "tag=ord_4711"],
  ["a tag of everything", "tag=shop"],
  ["the last hour", "time=1h"],
  ["a parent", "parent=run_nobody"],
  ["the end of an id", "id=99990"],
])("a list of %s reads little of a large table", async (_, query) => {
  const { seen, query: explain } = explaining();
  const search = readRunSearch(new URLSearchParams(query));

  await listRuns({ query: explain }, await filterOf({ query: explain }, search));

  expect(seen.flatMap((one) => one.scans)).toEqual([]);
  expect(Math.max(...seen.map((one) => one.pages))).toBeLessThan(pagesMax);
});

test("the counts above the list, the queues and the tasks read little of a large table", async () => {
  const { seen, query } = explaining();

  await readFloor({ query });
  await listQueues({ query }, { limit: 100, offset: 0 });
  await listTasks({ query });

  expect(seen.flatMap((one) => one.scans)).toEqual([]);
  expect(Math.max(...seen.map((one) => one.pages))).toBeLessThan(pagesMax);
});

test("counting what a bulk action would take stops at its limit", async () => {
  const all = await filterOf(db, readRunSearch(new URLSearchParams()));

  expect(await countMatching({ db }, "replay", all)).toBe(1_001);
  expect(await countMatching({ db }, "cancel", all)).toBe(50);
});
