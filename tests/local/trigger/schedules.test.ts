import { configure, runs, schedules } from "@trigger.dev/sdk";
import pg from "pg";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { nextRunAfter, nextRunsAfter } from "@/local/trigger/engine/cron";
import { startTriggerServer } from "@/local/trigger/server";
import { secretKey, testOptions, triggerServerForFile } from "./server";
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
