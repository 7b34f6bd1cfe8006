import { request } from "node:http";
import { auth, configure, tasks } from "@trigger.dev/sdk";
import { SignJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { allows } from "@/local/trigger/http/scopes";
import { startTriggerServer } from "@/local/trigger/server";
import { secretKey, testOptions, triggerServerForFile } from "./server";
import { TestWorker } from "./worker";

const server = triggerServerForFile();

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  await new TestWorker(server.url).register([{ id: "task" }]);
});

const statusOf = async (method: string, path: string, token?: string, headers: Record<string, string> = {}) => {
  const response = await fetch(server.url + path, {
    method,
    redirect: "manual",
    headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
    body: method === "POST" ? JSON.stringify({ payload: "{}" }) : undefined,
  });
  await response.text();
  return response.status;
};

describe("scopes", () => {
  test.each([
    [["read:runs:run_1"], "read", [{ type: "runs", id: "run_1" }], true],
    [["read:runs:run_1"], "read", [{ type: "runs", id: "run_2" }], false],
    [["read:runs"], "read", [{ type: "runs", id: "run_2" }], true],
    [["read:tags:a:b"], "read", [{ type: "tags", id: "a:b" }], true],
    [["read:runs:run_1"], "write", [{ type: "runs", id: "run_1" }], false],
    [["read:runs:run_1"], "read", [{ type: "runs" }], false],
    [["*:runs"], "write", [{ type: "runs", id: "run_1" }], true],
    [["admin"], "trigger", [{ type: "tasks", id: "x" }], true],
    [
      ["read:batch:b", "read:tags:t"],
      "read",
      [
        { type: "runs", id: "r" },
        { type: "tags", id: "t" },
      ],
      true,
    ],
    [[], "read", [{ type: "runs", id: "run_1" }], false],
  ])("%j may %s %j: %s", (scopes, action, resources, expected) => {
    expect(allows(scopes, action, resources)).toBe(expected);
  });
});

test("a request without a key, or with a wrong one, is a 401", async () => {
  expect(await statusOf("GET", "/api/v1/runs")).toBe(401);
  expect(await statusOf("POST", "/api/v1/tasks/task/trigger", "tr_dev_somebody_else")).toBe(401);
  expect(await statusOf("GET", "/api/v2/whoami", secretKey)).toBe(401);
});

test("a token for one run reads it, and neither another run, nor the list, nor the management API", async () => {
  const [mine, other] = [await tasks.trigger("task", {}), await tasks.trigger("task", {})];
  const token = await auth.createPublicToken({ scopes: { read: { runs: [mine.id] } } });

  expect(await statusOf("GET", `/api/v3/runs/${mine.id}`, token)).toBe(200);
  for (const path of [
    `/api/v3/runs/${other.id}`,
    "/api/v1/runs",
    "/api/v1/schedules",
    "/api/v1/queues",
    `/realtime/v1/runs/${other.id}?offset=-1`,
  ]) {
    expect([path, await statusOf("GET", path, token)]).toEqual([path, 403]);
  }
  expect(await statusOf("POST", `/api/v2/runs/${mine.id}/cancel`, token)).toBe(403);
  expect(await statusOf("POST", "/api/v1/tasks/task/trigger", token)).toBe(403);
});

describe("what a public token opens", () => {
  const as = async (scopes: string[], method: string, path: string, body?: object) => {
    const made = await fetch(`${server.url}/api/v1/auth/public-tokens`, {
      method: "POST",
      headers: { authorization: `Bearer ${secretKey}` },
      body: JSON.stringify({ scopes }),
    });
    const { token } = (await made.json()) as { token: string };
    const response = await fetch(server.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "x-trigger-electric-version": "1" },
      body: body && JSON.stringify(body),
    });
    await response.text();
    return response.status;
  };

  test("all runs: their list by any filter, their batches and every subscription", async () => {
    const { batchId } = await tasks.batchTrigger("task", [{ payload: 1 }]);

    for (const path of [
      "/api/v1/runs",
      "/api/v1/runs?filter%5BtaskIdentifier%5D=task",
      "/realtime/v1/runs?offset=-1",
      "/realtime/v1/runs?tags=a,b&offset=-1",
      `/realtime/v1/batches/${batchId}?offset=-1`,
      `/api/v2/batches/${batchId}`,
    ]) {
      expect([path, await as(["read:runs"], "GET", path)]).toEqual([path, 200]);
      expect([path, await as(["write:runs", "read:runs:run_other"], "GET", path)]).toEqual([path, 403]);
    }
  });

  test("a tag, also one with a colon: subscriptions with the tag and its runs, no others", async () => {
    const { id } = await tasks.trigger("task", {}, { tags: ["user:1"] });
    const scopes = ["read:tags:user:1"];

    expect(await as(scopes, "GET", "/realtime/v1/runs?tags=user:1,more&offset=-1")).toBe(200);
    expect(await as(scopes, "GET", `/api/v3/runs/${id}`)).toBe(200);
    expect(await as(scopes, "GET", "/realtime/v1/runs?tags=user:2&offset=-1")).toBe(403);
    expect(await as(scopes, "GET", "/realtime/v1/runs?offset=-1")).toBe(403);
    expect(await as(scopes, "GET", "/api/v1/runs?filter%5Btag%5D=user:1")).toBe(403);
  });

  test("writing a run: only by its own name, and neither its metadata nor its streams", async () => {
    const { id } = await tasks.trigger("task", {}, { tags: ["mine"] });

    expect(await as(["write:tags:mine"], "POST", `/api/v2/runs/${id}/cancel`)).toBe(403);
    expect(await as(["write:tasks:task"], "POST", `/api/v2/runs/${id}/cancel`)).toBe(403);
    expect(await as([`read:runs:${id}`], "POST", `/api/v1/runs/${id}/replay`)).toBe(403);
    expect(await as(["write:runs"], "PUT", `/api/v1/runs/${id}/metadata`, { metadata: {} })).toBe(403);
    expect(await as(["write:runs"], "POST", `/realtime/v1/streams/${id}/self/key/append`, {})).toBe(403);
    expect(await as([`write:runs:${id}`], "POST", `/api/v1/runs/${id}/replay`)).toBe(200);
    expect(await as([`write:runs:${id}`], "POST", `/api/v2/runs/${id}/cancel`)).toBe(200);
  });

  test("triggering: the tasks it names, one by one or in batches, as it says", async () => {
    const trigger = (scopes: string[], task = "task") =>
      as(scopes, "POST", `/api/v1/tasks/${task}/trigger`, { payload: "{}" });
    const batch = (scopes: string[], taskIdentifiers: string[]) =>
      as(scopes, "POST", "/api/v3/batches", { runCount: 1, taskIdentifiers });

    expect(await trigger(["trigger:tasks"])).toBe(200);
    expect(await trigger(["trigger:tasks:task"], "other")).toBe(403);
    expect(await trigger(["batchTrigger:tasks"])).toBe(403);
    expect(await batch(["batchTrigger:tasks"], ["task", "other"])).toBe(202);
    expect(await batch(["batchTrigger:tasks:task"], ["task", "other"])).toBe(403);
    expect(await batch(["trigger:tasks"], ["task"])).toBe(403);
  });

  test.each([["read"], [""], [":runs"], ["READ:runs"], ["read:run"]])("%j: nothing", async (scope) => {
    expect(await as([scope], "GET", "/api/v1/runs")).toBe(403);
  });

  test("a token can not be made by a token, nor with a time that means nothing", async () => {
    const path = "/api/v1/auth/public-tokens";

    expect(await as(["admin"], "POST", path, { scopes: ["admin"] })).toBe(403);
    const answer = await fetch(server.url + path, {
      method: "POST",
      headers: { authorization: `Bearer ${secretKey}` },
      body: JSON.stringify({ scopes: ["read:runs"], expirationTime: "soon" }),
    });
    expect(answer.status).toBe(400);
  });
});

test("a token that expired, was signed with another key, for another environment, or not at all, is a 401", async () => {
  const { id } = await tasks.trigger("task", {});
  const good = await auth.createPublicToken({ scopes: { read: { runs: [id] } } });
  const claims = JSON.parse(Buffer.from(good.split(".")[1] ?? "", "base64url").toString());
  const signed = (changes: object, key: string) =>
    new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(key));
  const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${good.split(".")[1]}.`;

  expect(await statusOf("GET", `/api/v3/runs/${id}`, await signed({}, secretKey))).toBe(200);
  for (const bad of [
    await signed({ exp: 1 }, secretKey),
    await signed({}, "tr_dev_other"),
    await signed({ sub: "x" }, secretKey),
    unsigned,
  ]) {
    expect(await statusOf("GET", `/api/v3/runs/${id}`, bad)).toBe(401);
  }
});

test("a button of the pages works from the page itself only", async () => {
  const { id } = await tasks.trigger("task", {});

  const foreign = await statusOf("POST", `/runs/${id}/cancel`, undefined, { origin: "https://evil.example" });
  const without = await statusOf("POST", `/runs/${id}/cancel`);
  const own = await statusOf("POST", `/runs/${id}/cancel`, undefined, { origin: server.url });

  expect([foreign, without, own]).toEqual([403, 403, 303]);
});

test("a page shows what a run holds, escaped", async () => {
  const { id } = await tasks.trigger("task", { note: "<script>alert(1)</script>" }, { tags: ["<b>bold"] });

  const text = await (await fetch(`${server.url}/runs/${id}`)).text();

  expect(text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(text).not.toContain("<script>alert(1)");
  expect(text).not.toContain("<b>bold");
});

test("a request under a foreign host name is refused", async () => {
  const { hostname, port } = new URL(server.url);

  const status = await new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path: "/", headers: { host: "rebound.example" } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on("error", reject).end();
  });

  expect(status).toBe(403);
});

test.each([
  ["GET", "/api/v1/deployments"],
  ["GET", "/api/v1/deployments/current"],
  ["GET", "/api/v1/runs/run_x/events"],
  ["GET", "/api/v1/runs/run_x/trace"],
  ["GET", "/api/v1/concurrency-limits"],
  ["GET", "/api/v1/projects/proj_localtests/branches"],
  ["GET", "/api/v1/sessions"],
  ["POST", "/api/v1/prompts/x/resolve"],
  ["DELETE", "/api/v1/runs/run_x"],
])("%s %s is a 501", async (method, path) => {
  expect(await statusOf(method, path, secretKey)).toBe(501);
});

test("what the server does not have is a 501 with a sentence", async () => {
  const response = await fetch(`${server.url}/api/v1/query`, {
    method: "POST",
    headers: { authorization: `Bearer ${secretKey}` },
  });

  expect(response.status).toBe(501);
  expect(await response.json()).toMatchObject({ error: expect.stringContaining("/api/v1/query") });
});

test.each([
  ["a live key", { secretKey: "tr_prod_x" }, /tr_dev_/],
  ["a key the SDK will not sign with", { secretKey: `tr_dev_sk_${"a".repeat(24)}` }, /sign public tokens/],
  ["an access token of another kind", { accessToken: "x" }, /tr_pat_/],
  ["another project on the same database", { projectRef: "proj_other" }, /proj_localtests/],
])("%s is refused at the start", async (_, change, reason) => {
  await expect(startTriggerServer({ ...testOptions(server.database.url), ...change })).rejects.toThrow(reason);
});

test("the server does not start in production", async () => {
  const before = process.env.NODE_ENV;
  Object.assign(process.env, { NODE_ENV: "production" });
  try {
    await expect(startTriggerServer(testOptions(server.database.url))).rejects.toThrow(/production/);
  } finally {
    Object.assign(process.env, { NODE_ENV: before });
  }
});
