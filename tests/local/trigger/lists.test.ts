import { configure, queues, runs, tasks, wait } from "@trigger.dev/sdk";
import pg from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import { accessToken, projectRef, secretKey, triggerServerForFile } from "./server";
import { TestWorker } from "./worker";

const server = triggerServerForFile();

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  await new TestWorker(server.url).register([
    { id: "task", retry: { maxAttempts: 1 } },
    { id: "other" },
    { id: "limited", queue: { name: "team/eu", concurrencyLimit: 2 } },
  ]);
});

const get = async (path: string, token = secretKey) => {
  const response = await fetch(server.url + path, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, body: (await response.json()) as { data: { id: string }[]; error: string } };
};
const list = (query: Record<string, string>) => get(`/api/v1/runs?${new URLSearchParams(query)}`);
const ids = (page: { data: { id: string }[] }) => page.data.map((run) => run.id);

describe("runs", () => {
  test.each([
    ["filter[status]", "NOPE", 400],
    ["filter[isTest]", "maybe", 400],
    ["filter[machine]", "huge", 400],
    ["filter[createdAt][from]", "yesterday", 400],
    ["page[size]", "0", 400],
    ["page[size]", "101", 400],
    ["page[size]", "2.5", 400],
    ["page[size]", "x", 400],
    ["filter[status]", "", 200],
    ["filter[isTest]", "", 200],
    ["filter[createdAt][period]", "a while", 200],
    ["page[after]", "run_unknown", 200],
    ["filter[batch]", "batch_unknown", 200],
    ["filter[schedule]", "sched_unknown", 200],
  ])("%s=%s is a %d", async (name, value, status) => {
    expect((await list({ [name]: value })).status).toBe(status);
  });

  test("runs made in the same millisecond are each on one page, forwards and back", async () => {
    const handle = await tasks.batchTrigger(
      "task",
      Array.from({ length: 7 }, (_, n) => ({ payload: { n }, options: { tags: ["same time"] } })),
    );
    const client = new pg.Client({ connectionString: server.database.url });
    await client.connect();
    await client.query("update trigger_local.run set created_at = now() where 'same time' = any(tags)");
    await client.end();

    const first = await runs.list({ batch: handle.batchId, limit: 3 });
    const second = await first.getNextPage();
    const third = await second.getNextPage();
    const back = await (await third.getPreviousPage()).getPreviousPage();

    expect(new Set([...ids(first), ...ids(second), ...ids(third)]).size).toBe(7);
    expect(third.hasNextPage()).toBe(false);
    expect(ids(back)).toEqual(ids(first));
    expect(back.hasPreviousPage()).toBe(false);
  });

  test("filters narrow each other, and any of several tags is enough", async () => {
    const tested = await fetch(`${server.url}/api/v1/tasks/task/trigger`, {
      method: "POST",
      headers: { authorization: `Bearer ${secretKey}` },
      body: JSON.stringify({ payload: "{}", options: { tags: ["red", "round"], test: true } }),
    });
    const a = (await tested.json()) as { id: string };
    const b = await tasks.trigger("other", {}, { tags: ["blue", "round"] });

    expect(ids(await runs.list({ tag: ["red", "blue"] }))).toEqual([b.id, a.id]);
    expect(ids(await runs.list({ tag: "round", taskIdentifier: "other" }))).toEqual([b.id]);
    expect(ids(await runs.list({ tag: "round", isTest: true }))).toEqual([a.id]);
    expect(ids(await runs.list({ tag: "round", isTest: false, status: ["QUEUED", "DELAYED"] }))).toEqual([b.id]);
    expect(ids(await runs.list({ tag: "round", queue: { type: "task", name: "task" } }))).toEqual([a.id]);
    expect(ids(await runs.list({ tag: "round", status: "COMPLETED" }))).toEqual([]);
    expect(ids(await runs.list({ tag: "round", period: "1 hour" }))).toEqual([b.id, a.id]);
    expect(ids(await runs.list({ tag: "round", from: new Date(Date.now() + 60_000) }))).toEqual([]);
    expect((await list({ "filter[tag]": "round", "filter[region]": "eu-central-1" })).body.data).toEqual([]);
  });

  test("a personal token lists the runs of the project it names", async () => {
    const path = `/api/v1/projects/${projectRef}/runs?filter%5Btag%5D=round`;

    expect((await get(path, accessToken)).body.data).toHaveLength(2);
    expect((await get(`${path}&filter%5Benv%5D=prod`, accessToken)).body.data).toEqual([]);
    expect((await get(path)).status).toBe(401);
    expect((await get("/api/v1/projects/proj_other/runs", accessToken)).status).toBe(404);
  });
});

describe("tokens", () => {
  test.each([
    ["filter[status]", "NOPE", 400],
    ["filter[createdAt][from]", "yesterday", 400],
    ["filter[createdAt][period]", "a while", 200],
    ["page[size]", "0", 400],
  ])("%s=%s is a %d", async (name, value, status) => {
    expect((await get(`/api/v1/waitpoints/tokens?${new URLSearchParams({ [name]: value })}`)).status).toBe(status);
  });

  test("they are found by status, key and tag, and paged both ways", async () => {
    const made = [];
    for (let n = 0; n < 5; n++) made.push(await wait.createToken({ tags: ["paged"], idempotencyKey: `paged-${n}` }));
    await wait.completeToken(made[1] ?? "", { n: 1 });

    const first = await wait.listTokens({ tags: ["paged"], limit: 2 });
    const second = await first.getNextPage();
    const back = await second.getPreviousPage();

    expect(ids(first)).toEqual([made[4]?.id, made[3]?.id]);
    expect(ids(second)).toEqual([made[2]?.id, made[1]?.id]);
    expect(ids(back)).toEqual(ids(first));
    expect(ids(await wait.listTokens({ tags: ["paged"], status: "COMPLETED" }))).toEqual([made[1]?.id]);
    expect(ids(await wait.listTokens({ idempotencyKey: "paged-3" }))).toEqual([made[3]?.id]);
  });
});

describe("queues", () => {
  test("a page beyond all pages is empty, and one that is no number is the first", async () => {
    expect((await get("/api/v1/queues?page=99999999999999999999")).body.data).toEqual([]);
    expect((await get("/api/v1/queues?page=x&perPage=1")).body.data).toHaveLength(1);
    expect((await get("/api/v1/schedules?page=99999999999999999999")).body.data).toEqual([]);
  });

  test("a name with a slash is found, paused and limited like any other", async () => {
    const queue = { type: "custom", name: "team/eu" } as const;

    expect((await queues.retrieve(queue)).concurrencyLimit).toBe(2);
    expect((await queues.pause(queue)).paused).toBe(true);
    await tasks.trigger("limited", {});
    expect((await queues.retrieve(queue)).queued).toBe(1);
    expect((await queues.resume(queue)).paused).toBe(false);
    expect((await queues.overrideConcurrencyLimit(queue, 1)).concurrency).toMatchObject({ current: 1, base: 2 });
    expect((await queues.resetConcurrencyLimit(queue)).concurrencyLimit).toBe(2);
  });

  test("only what was overridden can be reset, and a limit is a whole number", async () => {
    const queue = { type: "task", name: "task" } as const;

    await expect(queues.resetConcurrencyLimit(queue)).rejects.toMatchObject({ status: 400 });
    await expect(queues.overrideConcurrencyLimit(queue, -1)).rejects.toMatchObject({ status: 400 });
    await expect(queues.overrideConcurrencyLimit(queue, 1.5)).rejects.toMatchObject({ status: 400 });
    await expect(queues.retrieve({ type: "task", name: "none" })).rejects.toMatchObject({ status: 404 });
  });
});
