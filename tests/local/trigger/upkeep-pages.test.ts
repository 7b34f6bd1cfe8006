import { configure, queues, runs, schedules, tasks, wait } from "@trigger.dev/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "@/local/trigger/db/database";
import { cronInWords } from "@/local/trigger/engine/cron-words";
import { textOf, Visitor } from "./browser";
import { secretKey, triggerServerForFile } from "./server";
import { TestWorker, until } from "./worker";

const server = triggerServerForFile();
const visitor = new Visitor(server);
let worker: TestWorker;
let db: Database;

const register = () =>
  new TestWorker(server.url).register([
    { id: "declared", triggerSource: "schedule", schedule: { cron: "0 5 * * *", timezone: "UTC" } },
    { id: "on-demand", triggerSource: "schedule" },
    { id: "press", queue: { name: "press", concurrencyLimit: 2 } },
    { id: "waiter" },
  ]);

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  db = openDatabase(server.database.url);
  worker = await register();
});

afterAll(() => db.end());

const declared = async () => (await schedules.list()).data.find((schedule) => schedule.type === "DECLARATIVE");

test("a declared schedule that was paused by hand stays paused when a worker registers again, and has no timer", async () => {
  const id = (await declared())?.id ?? "";
  const timers = () => db.query("select 1 from timer where kind = 'schedule' and subject = $1", [id]);

  await visitor.send(`/schedules/${id}/pause`, {});
  await register();
  const paused = [await declared(), await timers()];
  await visitor.send(`/schedules/${id}/resume`, {});
  await register();

  expect(paused).toMatchObject([{ id, active: false, nextRun: null }, []]);
  expect(await declared()).toMatchObject({ id, active: true });
  expect(await timers()).toHaveLength(1);
});

test("a schedule runs now, also while it is paused, and its times stay as they are", async () => {
  const made = await schedules.create({
    task: "on-demand",
    cron: "15 9 * * 1-5",
    timezone: "Europe/Paris",
    deduplicationKey: "now",
    externalId: "ada",
  });
  await visitor.send(`/schedules/${made.id}/pause`, {});

  const { location } = await visitor.send(`/schedules/${made.id}/run`, {});
  const run = await runs.retrieve((location ?? "").slice("/runs/".length));

  expect(run).toMatchObject({
    taskIdentifier: "on-demand",
    payload: { scheduleId: made.id, externalId: "ada", timezone: "Europe/Paris" },
  });
  expect(run.schedule).toMatchObject({ id: made.id });
  expect((await schedules.retrieve(made.id)).active).toBe(false);
  await runs.cancel(run.id);
});

test("the list of schedules tells five times to come, in words and in UTC", async () => {
  await schedules.create({
    task: "on-demand",
    cron: "30 12 * * *",
    timezone: "Asia/Tokyo",
    deduplicationKey: "listed",
    externalId: "<b>lin</b>",
  });

  const { html } = await visitor.open("/schedules?task=on-demand");

  expect(textOf(html)).toContain("At 12:30");
  expect(html.match(/\d\d\d\d-\d\d-\d\d 03:30:00<\/time>/g)?.length).toBe(5);
  expect(html).not.toContain("<b>lin");
});

test.each([
  ["* * * * *", "Every minute"],
  ["*/15 * * * *", "Every 15 minutes"],
  ["0 * * * *", "Every hour"],
  ["5 * * * *", "Every hour at 5 minutes past"],
  ["0 */6 * * *", "Every 6 hours"],
  ["0 9 * * *", "At 09:00"],
  ["30 9,17 * * *", "At 09:30 and 17:30"],
  ["0 9 * * 1-5", "At 09:00, Monday to Friday"],
  ["0 9 * * MON,wed,7", "At 09:00 on Monday, Wednesday and Sunday"],
  ["0 0 1 * *", "At 00:00 on day 1 of the month"],
  ["0 0 L * *", "At 00:00 on the last day of the month"],
  ["0 0 1 1,JUL *", "At 00:00 on day 1 of the month in January and July"],
  ["*/15 8-17 * * 1-5", "Every 15 minutes from 08:00 to 17:59, Monday to Friday"],
  // What has no short sentence stays as it is.
  ["*/7 * * * *", "*/7 * * * *"],
  ["*/15 */2 * * *", "*/15 */2 * * *"],
  ["0 0 1 * 1", "0 0 1 * 1"],
  ["0 9 * * 1#2", "0 9 * * 1#2"],
  ["1-5 9 * * *", "1-5 9 * * *"],
])("%s in words is: %s", (cron, words) => {
  expect(cronInWords(cron)).toBe(words);
});

test("a queue is paused, resumed, and given another limit and its own back", async () => {
  const queue = () => queues.retrieve({ type: "custom", name: "press" });

  await visitor.send("/queues/press/pause", {});
  const paused = await queue();
  await visitor.send("/queues/press/resume", {});
  const set = await visitor.send("/queues/press/override", { limit: "7" });
  const overridden = await queue();
  const page = textOf((await visitor.open("/queues/press")).html);
  await visitor.send("/queues/press/reset", {});
  const own = await queue();

  expect(paused.paused).toBe(true);
  expect(set.location).toBe("/queues/press");
  expect(overridden).toMatchObject({ paused: false, concurrencyLimit: 7 });
  expect(page).toContain("7 instead of 2");
  expect(own.concurrencyLimit).toBe(2);
});

test.each(["", "-1", "two", "1.5", "100001"])("the limit %j is refused with a page", async (limit) => {
  expect((await visitor.send("/queues/press/override", { limit })).status).toBe(422);
});

test("a queue's page counts what runs and what is queued, by concurrency key", async () => {
  const handles = await Promise.all(
    ["a", "a", "a", "b"].map((concurrencyKey) => tasks.trigger("press", {}, { concurrencyKey })),
  );
  await worker.dequeue();

  const { html } = await visitor.open("/queues/press");
  const list = textOf((await visitor.open("/queues")).html);

  expect(textOf(html)).toContain("Key Running Waiting Queued a 2 0 1 b 1 0 0");
  expect(list).toContain("press Running 3 0 1 2");
  expect((await visitor.open("/queues/task%2Fwaiter")).status).toBe(200);
  await Promise.all(handles.map(({ id }) => runs.cancel(id)));
});

test("a wait token is completed by hand, and the run that waits goes on with the value", async () => {
  const { id } = await tasks.trigger("waiter", {});
  const attempt = await worker.next();
  const token = await wait.createToken({ timeout: "1h", tags: ["approval", "<i>"] });
  await worker.waitForToken(attempt, token.id);

  const page = await visitor.open(`/tokens/${token.id}`);
  const bad = await visitor.send(`/tokens/${token.id}/complete`, { value: '{"ok":' });
  const good = await visitor.send(`/tokens/${token.id}/complete`, { value: '{"ok":true,"note":"</script>"}' });
  const resumed = await worker.resumed(attempt);
  const after = await visitor.open(`/tokens/${token.id}`);

  expect(page.html).toContain(`/runs/${id}`);
  expect(page.html).not.toContain("<i>");
  expect([bad.status, textOf(bad.html).includes('{"ok":')]).toEqual([422, true]);
  expect(good.location).toBe(`/tokens/${token.id}`);
  expect(resumed.outputs[0]).toContain('"ok":true');
  expect(textOf(after.html)).toContain('"ok": true');
  expect(after.html).not.toContain("Complete it by hand");
  await worker.complete(resumed);
});

test("tokens are listed by status and tag", async () => {
  const waiting = await wait.createToken({ timeout: "1h", tags: ["lin"] });
  const done = await wait.createToken({ timeout: "1h", tags: ["lin"] });
  await wait.completeToken(done, {});
  const late = await wait.createToken({ timeout: "1s", tags: ["lin"] });
  const shown = async (query: string) => {
    const { html } = await visitor.open(`/tokens?${query}`);
    return [...html.matchAll(/data-row href="\/tokens\/(waitpoint_[a-z0-9]+)"/g)].map((match) => match[1]);
  };

  await until("the timeout", async () => (await shown("tag=lin&status=TIMED_OUT")).length === 1);

  expect(await shown("tag=lin&status=WAITING")).toEqual([waiting.id]);
  expect(await shown("tag=lin&status=COMPLETED")).toEqual([done.id]);
  expect(await shown("tag=lin")).toEqual([late.id, done.id, waiting.id]);
});
