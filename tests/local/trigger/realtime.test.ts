import { auth, configure, runs, tasks } from "@trigger.dev/sdk";
import pg from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import { secretKey, triggerServerForFile } from "./server";
import { TestWorker } from "./worker";

const server = triggerServerForFile();
let worker: TestWorker;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  worker = await new TestWorker(server.url).register([{ id: "task", retry: { maxAttempts: 1 } }]);
});

const putMetadata = (runId: string, metadata: object) =>
  worker.call("PUT", `/api/v1/runs/${runId}/metadata`, { metadata });

test("a subscription shows each state in order and ends by itself", async () => {
  const handle = await tasks.trigger("task", { n: 1 });
  const seen: string[] = [];

  let steps = 0;
  let attempt: Awaited<ReturnType<TestWorker["next"]>> | undefined;
  for await (const run of runs.subscribeToRun(handle.id)) {
    seen.push(run.status);
    if (steps++ === 0) attempt = await worker.next();
    else if (run.status === "EXECUTING" && attempt) await worker.complete(attempt, { done: true });
  }

  expect(seen[0]).toBe("QUEUED");
  expect(seen.at(-1)).toBe("COMPLETED");
  expect(seen).toContain("EXECUTING");
});

test("a change of metadata reaches a subscriber within a second", async () => {
  const handle = await tasks.trigger("task", {});
  const attempt = await worker.next();
  let sentAt = 0;
  let lateMs = Number.POSITIVE_INFINITY;

  for await (const run of runs.subscribeToRun(handle.id)) {
    if (run.metadata?.step === 1) {
      lateMs = Date.now() - sentAt;
      break;
    }
    sentAt = Date.now();
    await putMetadata(handle.id, { step: 1 });
  }
  await worker.complete(attempt);

  expect(lateMs).toBeLessThan(1_000);
});

test("a tag subscription shows runs from before and after, with all of its tags, and no others", async () => {
  const before = await tasks.trigger("task", {}, { tags: ["shop", "blue"] });
  await tasks.trigger("task", {}, { tags: ["shop"] });
  const seen = new Set<string>();
  let after: { id: string } | undefined;

  for await (const run of runs.subscribeToRunsWithTag(["shop", "blue"])) {
    seen.add(run.id);
    after ??= await tasks.trigger("task", {}, { tags: ["blue", "shop", "more"] });
    if (seen.has(after.id)) break;
  }
  for (const message of await worker.dequeue()) await worker.complete(await worker.start(message));

  expect([...seen].sort()).toEqual([before.id, after?.id].sort());
});

test("two changes in the same millisecond are two versions: the later one is not lost", async () => {
  const handle = await tasks.trigger("task", {});
  const attempt = await worker.next();
  const first = await shape(handle.id, "offset=-1");

  await Promise.all([putMetadata(handle.id, { step: 1 }), putMetadata(handle.id, { step: 2 })]);
  const current = (await runs.retrieve(handle.id)).metadata;
  let answer = await shape(handle.id, `live=true&handle=${first.handle}&offset=${first.offset}`);
  while (JSON.stringify(current) !== answer.metadata) {
    answer = await shape(handle.id, `live=true&handle=${first.handle}&offset=${answer.offset}`);
  }
  await worker.complete(attempt);

  expect(answer.operation).toBe("update");
});

test("a subscriber whose handle the server has forgotten gets everything again under a new one", async () => {
  const handle = await tasks.trigger("task", {});
  const first = await shape(handle.id, "offset=-1");

  await server.restart();
  const again = await shape(handle.id, `live=true&handle=${first.handle}&offset=${first.offset}`);
  await worker.complete(await worker.next());

  expect(again.handle).not.toBe(first.handle);
  expect([again.status, again.operation]).toEqual(["PENDING", "insert"]);
});

test("columns a client does not want are left out, except those it can not do without", async () => {
  const handle = await tasks.trigger("task", { secret: 1 });
  const token = await auth.createPublicToken({
    scopes: { read: { runs: [handle.id] } },
    realtime: { skipColumns: ["payload"] },
  });

  const { row } = await shape(handle.id, "offset=-1&skipColumns=output,status", token);
  await worker.complete(await worker.next());

  expect(Object.keys(row)).not.toContain("payload");
  expect(Object.keys(row)).not.toContain("output");
  expect(row.status).toBe("PENDING");
});

async function shape(runId: string, query: string, token = secretKey) {
  const response = await fetch(`${server.url}/realtime/v1/runs/${runId}?${query}`, {
    headers: { authorization: `Bearer ${token}`, "x-trigger-electric-version": "1.0.14" },
  });
  const messages = (await response.json()) as { value?: Record<string, string>; headers: { operation?: string } }[];
  const change = messages.find((message) => message.value);
  return {
    handle: response.headers.get("electric-handle"),
    offset: response.headers.get("electric-offset"),
    operation: change?.headers.operation,
    row: change?.value ?? {},
    status: change?.value?.status,
    metadata: change?.value?.metadata,
  };
}

describe("a subscriber that never got an answer", () => {
  type Answer = { handle: string; offset: string; rows: { id: string; metadata: string | null }[] };
  const ask = async (path: string, place?: Answer, live = false): Promise<Answer> => {
    const query = place ? `offset=${place.offset}&handle=${place.handle}` : "offset=-1";
    const response = await fetch(
      `${server.url}${path}${path.includes("?") ? "&" : "?"}${query}${live ? "&live=true" : ""}`,
      {
        headers: { authorization: `Bearer ${secretKey}`, "x-trigger-electric-version": "1.0.14" },
      },
    );
    const messages = (await response.json()) as { value?: { id: string; metadata: string | null } }[];
    return {
      handle: response.headers.get("electric-handle") ?? "",
      offset: response.headers.get("electric-offset") ?? "",
      rows: messages.flatMap((message) => message.value ?? []),
    };
  };
  const change = (id: string, n: number) =>
    fetch(`${server.url}/api/v1/runs/${id}/metadata`, {
      method: "PUT",
      headers: { authorization: `Bearer ${secretKey}` },
      body: JSON.stringify({ metadata: { n } }),
    });

  test("gets its rows again when it repeats the place it had, and only then", async () => {
    const { id } = await tasks.trigger("task", {}, { tags: ["lost"] });
    const other = await tasks.trigger("task", {}, { tags: ["lost"] });
    const path = "/realtime/v1/runs?tags=lost";
    const first = await ask(path);
    await change(id, 1);
    const lost = await ask(path, first, true);

    const repeated = await ask(path, first, true);
    await change(other.id, 2);
    const next = await ask(path, repeated, true);

    expect(first.rows).toHaveLength(2);
    expect(lost.rows).toMatchObject([{ metadata: '{"n":1}' }]);
    expect(repeated.rows).toEqual(lost.rows);
    expect(next.rows).toMatchObject([{ id: other.id.slice(4), metadata: '{"n":2}' }]);
  });

  test("gets all of it with a place that means nothing, or with the handle of another view", async () => {
    const { id } = await tasks.trigger("task", {}, { tags: ["strange"] });
    const path = `/realtime/v1/runs/${id}`;
    const first = await ask(path);

    expect((await ask(path, first)).rows).toHaveLength(0);
    expect((await ask(path, { ...first, offset: "nonsense" })).rows).toHaveLength(1);
    const other = await ask("/realtime/v1/runs?tags=strange", first, true);
    expect(other.rows).toHaveLength(1);
    expect(other.handle).not.toBe(first.handle);
  });
});

test("how far back a tag subscription looks is 24 hours unless it says less", async () => {
  const old = await tasks.trigger("task", {}, { tags: ["aged"] });
  const client = new pg.Client({ connectionString: server.database.url });
  await client.connect();
  const age = (interval: string) =>
    client.query("update trigger_local.run set created_at = now() - $2::interval where id = $1", [
      old.id.slice(4),
      interval,
    ]);
  const seen = async (createdAt: string) => {
    const response = await fetch(`${server.url}/realtime/v1/runs?tags=aged&offset=-1${createdAt}`, {
      headers: { authorization: `Bearer ${secretKey}` },
    });
    return ((await response.json()) as object[]).length - 1;
  };

  await age("2 hours");
  expect([
    await seen(""),
    await seen("&createdAt=1h"),
    await seen("&createdAt=3h"),
    await seen("&createdAt=soon"),
  ]).toEqual([1, 0, 1, 1]);
  await age("25 hours");
  expect([await seen(""), await seen("&createdAt=2d")]).toEqual([0, 1]);
  await client.end();
});

test("a run cancelled or expired before it began ends its subscription", async () => {
  const cancelled = await tasks.trigger("task", {}, { delay: "1h" });
  const expiring = await tasks.trigger("task", {}, { ttl: 1 });
  setTimeout(() => void runs.cancel(cancelled.id), 200);
  const lastOf = async (id: string) => {
    let last = "";
    for await (const run of runs.subscribeToRun(id)) last = `${run.status} ${run.finishedAt !== undefined}`;
    return last;
  };

  expect(await Promise.all([lastOf(cancelled.id), lastOf(expiring.id)])).toEqual(["CANCELED true", "EXPIRED true"]);
});
