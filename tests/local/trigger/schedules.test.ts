import { configure, runs, schedules } from "@trigger.dev/sdk";
import pg from "pg";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { nextRunAfter, nextRunsAfter } from "@/local/trigger/engine/cron";
import { startTriggerServer } from "@/local/trigger/server";
import { projectRef, secretKey, testOptions, triggerServerForFile } from "./server";
import { TestWorker, until } from "./worker";

const server = triggerServerForFile();

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  await register("0 5 * * *");
});

const register = (cron: string) =>
  new TestWorker(server.url).register([
    { id: "declared", triggerSource: "schedule", schedule: { cron, timezone: "UTC" } },
    { id: "on-demand", triggerSource: "schedule" },
    { id: "plain" },
  ]);

/** Brings a schedule's next time to now, as if the night had passed. */
async function makeDue(scheduleId: string): Promise<Date> {
  const client = new pg.Client({ connectionString: server.database.url, options: "-c search_path=trigger_local" });
  await client.connect();
  const now = new Date(Math.floor(Date.now() / 60_000) * 60_000);
  await client.query("update schedule set next_run_at = $2 where id = $1", [scheduleId, now]);
  await client.query("update timer set due_at = $2 where kind = 'schedule' and subject = $1", [scheduleId, now]);
  await client.query("notify trigger_local_timer");
  await client.end();
  return now;
}

test("a due schedule starts exactly one run, with two servers on one database", async () => {
  const second = await startTriggerServer(testOptions(server.database.url));
  onTestFinished(() => second.close());
  const made = await schedules.create({
    task: "on-demand",
    cron: "0 5 * * *",
    deduplicationKey: "two-servers",
    externalId: "customer-1",
  });

  const due = await makeDue(made.id);
  const [item] = await until("the run", async () => {
    const { data } = await runs.list({ schedule: made.id });
    return data.length > 0 && data;
  });
  const after = await schedules.retrieve(made.id);

  const run = await runs.retrieve(item?.id ?? "");
  expect(run.payload).toMatchObject({
    scheduleId: made.id,
    type: "IMPERATIVE",
    timestamp: due.toISOString(),
    externalId: "customer-1",
  });
  expect(Number(after.nextRun)).toBeGreaterThan(Date.now());
  expect((await runs.list({ schedule: made.id })).data).toHaveLength(1);
});

test("registering the same cron keeps the next time, a changed one moves it, a removed one is gone", async () => {
  const declared = async () => (await schedules.list()).data.filter((schedule) => schedule.type === "DECLARATIVE");
  const [before] = await declared();

  await register("0 5 * * *");
  const [same] = await declared();
  await register("30 6 * * *");
  const [changed] = await declared();
  await new TestWorker(server.url).register([{ id: "on-demand", triggerSource: "schedule" }]);
  const removed = await declared();
  await register("0 5 * * *");

  expect([same?.id, same?.nextRun]).toEqual([before?.id, before?.nextRun]);
  expect([changed?.id, changed?.generator.expression]).toEqual([before?.id, "30 6 * * *"]);
  expect(removed).toEqual([]);
});

test("a deactivated schedule does not fire", async () => {
  const made = await schedules.create({ task: "on-demand", cron: "0 5 * * *", deduplicationKey: "paused" });
  const off = await schedules.deactivate(made.id);

  await makeDue(made.id);
  const other = await schedules.create({ task: "on-demand", cron: "0 5 * * *", deduplicationKey: "marker" });
  await makeDue(other.id);
  await until("the marker's run", async () => (await runs.list({ schedule: other.id })).data.length > 0);

  expect([off.active, off.nextRun]).toEqual([false, null]);
  expect((await runs.list({ schedule: made.id })).data).toEqual([]);
});

test.each([
  ["a cron with words", { cron: "every tuesday" }],
  ["a cron with seconds", { cron: "0 0 5 * * *" }],
  ["a timezone nobody lives in", { timezone: "Mars/Olympus" }],
  ["a task that is not scheduled", { task: "plain" }],
])("%s is refused with 422", async (_, change) => {
  const wanted = { task: "on-demand", cron: "0 5 * * *", deduplicationKey: "bad", ...change };

  await expect(schedules.create(wanted)).rejects.toMatchObject({ status: 422 });
});

test("a daily time stays the same on the wall clock when daylight saving begins", () => {
  const [before, after] = nextRunsAfter("30 9 * * *", "Europe/Paris", new Date("2026-03-28T00:00:00Z"), 2);

  expect([before?.toISOString(), after?.toISOString()]).toEqual([
    "2026-03-28T08:30:00.000Z",
    "2026-03-29T07:30:00.000Z",
  ]);
});

test("L is the last day of the month", () => {
  expect(nextRunAfter("0 0 L * *", "UTC", new Date("2028-02-03T00:00:00Z")).toISOString()).toBe(
    "2028-02-29T00:00:00.000Z",
  );
});

describe("what a schedule may say", () => {
  const create = async (body: object) => {
    const response = await fetch(`${server.url}/api/v1/schedules`, {
      method: "POST",
      headers: { authorization: `Bearer ${secretKey}` },
      body: JSON.stringify({ task: "on-demand", cron: "0 5 * * *", deduplicationKey: JSON.stringify(body), ...body }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  test.each([
    ["four fields", { cron: "0 5 * *" }, 422],
    ["seconds", { cron: "0 0 5 * * *" }, 422],
    ["words", { cron: "every tuesday" }, 422],
    ["nothing", { cron: "" }, 422],
    ["a minute that is none", { cron: "60 * * * *" }, 422],
    ["a day that never comes", { cron: "0 5 31 2 *" }, 422],
    ["steps of nothing", { cron: "*/0 * * * *" }, 422],
    ["the last day of the month", { cron: "0 5 L * *" }, 200],
    ["the last Friday", { cron: "0 5 * * 5L" }, 200],
    ["names", { cron: "0 5 * JAN-MAR MON-FRI" }, 200],
    ["a timezone that is none", { timezone: "Mars/Olympus" }, 422],
    ["a timezone in another case", { timezone: "europe/paris" }, 422],
    ["no timezone", { timezone: "" }, 200],
    ["a task nobody has", { task: "nobody" }, 422],
    ["a task without schedules", { task: "plain" }, 422],
    ["a window", { window: "10m" }, 501],
    ["no deduplication key", { deduplicationKey: "" }, 422],
  ])("%s: %j is a %d", async (_, body, status) => {
    expect((await create(body)).status).toBe(status);
  });

  test("an update replaces everything, and what it leaves out is gone", async () => {
    const made = await schedules.create({
      task: "on-demand",
      cron: "0 5 * * *",
      timezone: "Asia/Tokyo",
      externalId: "customer",
      deduplicationKey: "replaced",
    });
    const updated = await schedules.update(made.id, { task: "on-demand", cron: "30 17 * * 1" });

    expect(made).toMatchObject({ timezone: "Asia/Tokyo", externalId: "customer" });
    expect(updated).toMatchObject({ id: made.id, timezone: "UTC", deduplicationKey: "replaced", active: true });
    expect(updated.externalId).toBeUndefined();
    expect(updated.generator).toMatchObject({ expression: "30 17 * * 1", description: "At 05:30 PM, only on Monday" });
    expect(updated.nextRun?.toISOString()).toMatch(/T17:30:00/);
  });

  test("a schedule that is off has no next time, also when it is changed, until it is on again", async () => {
    const made = await schedules.create({ task: "on-demand", cron: "0 5 * * *", deduplicationKey: "off" });
    await schedules.deactivate(made.id);
    await schedules.deactivate(made.id);
    const again = await schedules.create({ task: "on-demand", cron: "0 6 * * *", deduplicationKey: "off" });

    expect(again).toMatchObject({ id: made.id, active: false, nextRun: null });
    expect((await schedules.activate(made.id)).nextRun?.toISOString()).toMatch(/T06:00:00/);
  });

  test("a declared one is changed in the code only", async () => {
    const declared = (await schedules.list({ perPage: 100 })).data.find((one) => one.type === "DECLARATIVE");
    const id = declared?.id ?? "";

    for (const change of [
      () => schedules.update(id, { task: "declared", cron: "1 1 * * *" }),
      () => schedules.deactivate(id),
      () => schedules.activate(id),
      () => schedules.del(id),
    ])
      await expect(change()).rejects.toMatchObject({ status: 422 });
    expect(await schedules.retrieve(id)).toMatchObject({ active: true, task: "declared" });
  });

  test.each([
    ["a cron", { cron: "every tuesday", timezone: "UTC" }],
    ["a timezone", { cron: "0 5 * * *", timezone: "Mars/Olympus" }],
  ])("a worker that declares %s that means nothing is told so", async (_, schedule) => {
    const worker = new TestWorker(server.url);
    const declared = { id: "broken", filePath: "t.ts", entryPoint: "t.mjs", triggerSource: "schedule", schedule };
    const metadata = {
      packageVersion: "4.8.3",
      cliPackageVersion: "4.8.3",
      contentHash: "h",
      sourceFiles: [],
      tasks: [declared],
    };

    const answer = await worker.call<{ error: string }>("POST", `/api/v1/projects/${projectRef}/background-workers`, {
      localOnly: true,
      engine: "V2",
      metadata,
    });

    expect(answer).toMatchObject({ status: 422, body: { error: expect.stringMatching(/Invalid (cron|timezone)/) } });
  });

  test("pages follow each other without gaps or repeats", async () => {
    const seen: string[] = [];
    for (let page = 1; ; page++) {
      const { data, pagination } = await schedules.list({ page, perPage: 2 });
      seen.push(...data.map((one) => one.id));
      if (page >= pagination.totalPages) {
        expect([seen.length, new Set(seen).size]).toEqual([pagination.count, pagination.count]);
        break;
      }
    }
  });
});

test.each([
  [
    "the hour that is skipped in spring",
    "30 2 * * *",
    "Europe/Paris",
    "2026-03-29T00:00:00Z",
    "2026-03-29T01:30:00.000Z",
  ],
  [
    "the hour that comes twice in autumn",
    "30 2 * * *",
    "Europe/Paris",
    "2026-10-24T22:00:00Z",
    "2026-10-25T00:30:00.000Z",
  ],
  ["a leap day", "0 5 29 2 *", "UTC", "2026-01-01T00:00:00Z", "2028-02-29T05:00:00.000Z"],
])("%s is found", (_, cron, timezone, from, expected) => {
  expect(nextRunAfter(cron, timezone, new Date(from)).toISOString()).toBe(expected);
});
