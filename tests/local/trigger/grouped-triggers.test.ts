import { configure, runs } from "@trigger.dev/sdk";
import { beforeAll, expect, test } from "vitest";
import { secretKey, triggerServerForFile } from "./server";
import { TestWorker } from "./worker";

// Triggers that arrive together are stored by one statement; each must come out as if it had come alone.
const server = triggerServerForFile();

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  await new TestWorker(server.url).register([{ id: "grouped" }]);
});

async function post(payload: string, headers: Record<string, string> = {}, options: object = {}) {
  const response = await fetch(`${server.url}/api/v1/tasks/grouped/trigger`, {
    method: "POST",
    headers: { authorization: `Bearer ${secretKey}`, ...headers },
    body: JSON.stringify({ payload, options: { payloadType: "application/json", ...options } }),
  });
  return { status: response.status, body: (await response.json()) as { id: string; isCached: boolean } };
}

test("a request that is sent many times at once, by itself and among others, makes one run", async () => {
  const repeated = Array.from({ length: 30 }, () =>
    post('"again"', { "x-trigger-request-idempotency-key": "request-1" }),
  );
  const others = Array.from({ length: 30 }, (_, n) =>
    post(`${n}`, { "x-trigger-request-idempotency-key": `other-${n}` }, { tags: ["others"] }),
  );

  const same = await Promise.all(repeated);
  const different = await Promise.all(others);

  expect(new Set(same.map(({ body }) => body.id)).size).toBe(1);
  expect(new Set(different.map(({ body }) => body.id)).size).toBe(30);
});

test("a request whose idempotency key is taken answers with that run, also when it is repeated", async () => {
  const { body: first } = await post("1", {}, { idempotencyKey: "taken" });

  const answers = [];
  for (let n = 0; n < 3; n++)
    answers.push(await post("2", { "x-trigger-request-idempotency-key": "request-2" }, { idempotencyKey: "taken" }));

  expect(answers.map(({ body }) => body.id)).toEqual([first.id, first.id, first.id]);
  expect(answers[0]?.body.isCached).toBe(true);
});

test("a trigger that is refused takes none of its neighbours along", async () => {
  const good = Array.from({ length: 10 }, (_, n) => post(`${n}`, {}, { tags: ["neighbours"] }));
  const bad = post("1", {}, { tags: Array.from({ length: 11 }, (_, n) => `tag-${n}`) });
  const odd = post("1", {}, { concurrencyKey: "a\u0000b" });

  const statuses = (await Promise.all(good)).map(({ status }) => status);

  expect(new Set(statuses)).toEqual(new Set([200]));
  expect((await bad).status).toBe(422);
  expect((await odd).status).toBeLessThan(500);
});

test("every run of a group is there once it is acknowledged", async () => {
  const handles = await Promise.all(Array.from({ length: 50 }, (_, n) => post(`${n}`, {}, { tags: ["counted"] })));

  const page = await runs.list({ tag: "counted", limit: 100 });

  expect(new Set(page.data.map((run) => run.id))).toEqual(new Set(handles.map(({ body }) => body.id)));
});
