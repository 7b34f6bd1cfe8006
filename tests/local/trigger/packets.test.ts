import { auth, configure, runs, tasks } from "@trigger.dev/sdk";
import { beforeAll, expect, test } from "vitest";
import { secretKey, triggerServerForFile } from "./server";
import { TestWorker } from "./worker";

const server = triggerServerForFile();
let worker: TestWorker;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  worker = await new TestWorker(server.url).register([{ id: "task" }]);
});

const large = { text: "ü".repeat(100_000) };

const call = async (method: string, address: string, init: RequestInit = {}, token = secretKey) => {
  const response = await fetch(new URL(address, server.url), {
    method,
    ...init,
    headers: { authorization: `Bearer ${token}`, ...init.headers },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const presign = async (method: string, path: string) =>
  JSON.parse((await call(method, path)).text) as { presignedUrl: string };

test("a large payload and output come back whole, over REST and to a subscriber", async () => {
  const { id } = await tasks.trigger("task", large);
  const attempt = await worker.next();
  const { presignedUrl } = await presign("PUT", "/api/v2/packets/out%2F1.json");
  const body = JSON.stringify(large);
  await call("PUT", presignedUrl, { body, headers: { "content-type": "application/json" } });
  await worker.completeAs(attempt, "application/store", "out/1.json");

  const retrieved = await runs.retrieve(id);
  let seen: unknown;
  for await (const run of runs.subscribeToRun(id)) seen = [run.payload, run.output];

  expect([retrieved.payload, retrieved.output]).toEqual([large, large]);
  expect(seen).toEqual([large, large]);
});

test("a page reads the packets of the runs it may read, and no others", async () => {
  const [mine, other] = [await tasks.trigger("task", large), await tasks.trigger("task", large)];
  const token = await auth.createPublicToken({ scopes: { read: { runs: [mine.id] } } });
  const status = async (id: string, field: string) =>
    (await call("GET", `/api/v1/runs/${id}/packets/${field}`, {}, token)).status;

  expect(await status(mine.id, "payload")).toBe(200);
  expect(await status(mine.id, "output")).toBe(404);
  expect(await status(mine.id, "nonsense")).toBe(404);
  expect(await status(other.id, "payload")).toBe(403);
  expect((await call("GET", "/api/v1/packets/out%2F1.json", {}, token)).status).toBe(403);
  expect((await call("PUT", "/api/v2/packets/mine", {}, token)).status).toBe(403);
});

test("an address is good for its path, its method and five minutes, and only as it was signed", async () => {
  const { presignedUrl } = await presign("PUT", "/api/v2/packets/signed.json");
  const changed = (change: (url: URL) => void) => {
    const url = new URL(presignedUrl);
    change(url);
    return url.href;
  };
  const put = async (address: string) => (await call("PUT", address, { body: "1" })).status;

  expect(await put(changed((url) => url.searchParams.set("signature", "0".repeat(64))))).toBe(403);
  expect(await put(changed((url) => url.searchParams.delete("signature")))).toBe(403);
  expect(await put(changed((url) => url.searchParams.set("expires", String(Date.now() + 1e9))))).toBe(403);
  expect(await put(changed((url) => url.searchParams.set("expires", "1")))).toBe(403);
  expect(await put(presignedUrl.replace("signed.json", "another.json"))).toBe(403);
  expect((await call("GET", presignedUrl)).status).toBe(403);
  expect(await put(presignedUrl)).toBe(200);
});

test.each(["..%2Fsecret", "a%2F..%2F..%2Fb", "%2e%2e%2fsecret", ""])("the path %j is refused", async (path) => {
  expect((await call("PUT", `/api/v2/packets/${path}`)).status).toBe(400);
});

test("a packet keeps its type, may be read from any page, and has a limit", async () => {
  const { presignedUrl } = await presign("PUT", "/api/v2/packets/typed");
  await call("PUT", presignedUrl, { body: '{"json":1}', headers: { "content-type": "application/super+json" } });
  const read = await presign("GET", "/api/v1/packets/typed");

  const answer = await call("GET", read.presignedUrl, { headers: { origin: "http://shop.example" } });
  const missing = await presign("GET", "/api/v1/packets/nothing-there");

  expect(answer.headers.get("content-type")).toBe("application/super+json");
  expect(answer.headers.get("access-control-allow-origin")).toBe("http://shop.example");
  expect((await call("GET", missing.presignedUrl)).status).toBe(404);
  const tooLarge = await call("PUT", presignedUrl, { body: new Uint8Array(65 * 1024 * 1024) }).then(
    (response) => response.status,
    () => 413,
  );
  expect(tooLarge).toBe(413);
});

test("a payload that says it is stored must name where", async () => {
  const options = { payloadType: "application/store" };

  for (const payload of ["", undefined, { a: 1 }])
    expect(
      (await call("POST", "/api/v1/tasks/task/trigger", { body: JSON.stringify({ payload, options }) })).status,
    ).toBe(400);
});
