import { configure, runs, tasks } from "@trigger.dev/sdk";
import { beforeAll, expect, test } from "vitest";
import { secretKey, triggerServerForFile } from "./server";
import { TestWorker, until } from "./worker";

const server = triggerServerForFile();

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  await new TestWorker(server.url).register([{ id: "task" }, { id: "other" }]);
});

const once = { retry: { maxAttempts: 1 } };

async function triggered(tag: string, count: number): Promise<string[]> {
  const handles = [];
  for (let n = 0; n < count; n++) handles.push(await tasks.trigger("task", { n }, { tags: [tag], delay: "1h" }));
  return handles.map((handle) => handle.id);
}

const ended = (id: string) => runs.bulk.poll(id, { pollIntervalMs: 20 });
const statuses = async (ids: string[]) => Promise.all(ids.map(async (id) => (await runs.retrieve(id)).status));

test("cancelling by a filter cancels what matches, and no run of another task, tag or later time", async () => {
  const ids = await triggered("unwanted", 5);
  const others = [...(await triggered("wanted", 1)), (await tasks.trigger("other", {}, { tags: "unwanted" })).id];

  const { id } = await runs.bulk.cancel({
    name: "clean up",
    filter: { tag: "unwanted", taskIdentifier: ["task"], status: ["DELAYED", "QUEUED"], period: "1h" },
  });
  const [later] = await triggered("unwanted", 1);

  expect(await ended(id)).toMatchObject({
    name: "clean up",
    type: "CANCEL",
    status: "COMPLETED",
    counts: { total: 5, success: 5, failure: 0 },
    completedAt: expect.any(Date),
  });
  expect(new Set(await statuses(ids))).toEqual(new Set(["CANCELED"]));
  expect(await statuses([...others, later ?? ""])).toEqual(["DELAYED", "QUEUED", "DELAYED"]);
  expect((await runs.list({ bulkAction: id })).data.map((run) => run.id).sort()).toEqual([...ids].sort());
});

test("naming runs takes those, once each; one that is over counts as a failure, one nobody knows not at all", async () => {
  const [waiting = "", over = ""] = await triggered("named", 2);
  await runs.cancel(over);

  const { id } = await runs.bulk.cancel({ runIds: [waiting, waiting, over, "run_unknown"] });

  expect((await ended(id)).counts).toEqual({ total: 2, success: 1, failure: 1 });
  expect((await runs.retrieve(waiting)).status).toBe("CANCELED");
});

test("replaying makes a new run of each, which the list finds by the action", async () => {
  const ids = await triggered("again", 3);

  const { id } = await runs.bulk.replay({ filter: { tag: "again" } });
  await ended(id);
  const replays = (await runs.list({ bulkAction: id })).data;

  expect(replays).toHaveLength(3);
  expect(replays.map((run) => run.id).filter((runId) => ids.includes(runId))).toEqual([]);
  expect((await runs.list({ tag: "again" })).data).toHaveLength(6);
});

test("an action goes on where it was after the server was away, and stops when it is aborted", async () => {
  const ids = await triggered("restarted", 60);
  const { id } = await runs.bulk.cancel({ filter: { tag: "restarted" } });
  await server.restart();

  expect((await ended(id)).counts).toEqual({ total: 60, success: 60, failure: 0 });
  expect(new Set(await statuses(ids))).toEqual(new Set(["CANCELED"]));

  await triggered("aborted", 60);
  const aborted = await runs.bulk.cancel({ filter: { tag: "aborted" } });
  await runs.bulk.abort(aborted.id);
  await expect(runs.bulk.abort(aborted.id, once)).rejects.toMatchObject({ status: 400 });
  const { status, counts } = await until("the end of the step", async () => runs.bulk.retrieve(aborted.id));
  expect(status).toBe("ABORTED");
  expect(counts.success).toBeLessThan(60);
});

test("the list shows the newest first and has pages", async () => {
  const first = await runs.bulk.list({ limit: 2 });
  const second = await first.getNextPage();
  const back = await second.getPreviousPage();

  expect(first.data).toHaveLength(2);
  expect(first.data[0]?.createdAt.getTime()).toBeGreaterThanOrEqual(second.data[0]?.createdAt.getTime() ?? 0);
  expect(back.data.map((bulk) => bulk.id)).toEqual(first.data.map((bulk) => bulk.id));
});

test.each([
  ["no selection", { action: "cancel" }, 400],
  ["an empty filter", { action: "cancel", filter: {} }, 400],
  ["both selections", { action: "cancel", filter: { tag: "a" }, runIds: ["run_a"] }, 400],
  ["an unknown action", { action: "delete", runIds: ["run_a"] }, 400],
  ["an unknown status", { action: "cancel", filter: { status: "NOPE" } }, 400],
  ["another region", { action: "replay", runIds: ["run_a"], targetRegion: "eu" }, 501],
])("%s is refused", async (_, body, status) => {
  const response = await fetch(`${server.url}/api/v1/bulk-actions`, {
    method: "POST",
    headers: { authorization: `Bearer ${secretKey}` },
    body: JSON.stringify(body),
  });

  expect(response.status).toBe(status);
});

test("an action nobody made is a 404", async () => {
  await expect(runs.bulk.retrieve("bulk_unknown", once)).rejects.toMatchObject({ status: 404 });
  await expect(runs.bulk.abort("bulk_unknown", once)).rejects.toMatchObject({ status: 404 });
});
