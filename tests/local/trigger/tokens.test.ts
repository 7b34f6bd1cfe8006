import { auth, configure, wait } from "@trigger.dev/sdk";
import { beforeAll, describe, expect, test } from "vitest";
import { secretKey, triggerServerForFile } from "./server";

const server = triggerServerForFile();

beforeAll(() => configure({ baseURL: server.url, accessToken: secretKey }));

describe("a completed token gives back what it was completed with", () => {
  test.each([
    ["null", null, null],
    ["zero", 0, 0],
    ["false", false, false],
    ["text", "done", "done"],
    ["a list", [1, [null]], [1, [null]]],
    ["a date", { at: new Date(0) }, { at: "1970-01-01T00:00:00.000Z" }],
    ["nothing", undefined, undefined],
    ["an empty text", "", undefined],
  ])("%s", async (_, data, output) => {
    const token = await wait.createToken({ timeout: "1m" });

    await wait.completeToken(token, data as never);

    expect(await wait.retrieveToken(token)).toMatchObject({ status: "COMPLETED" });
    expect((await wait.retrieveToken(token)).output).toEqual(output);
  });
});

test("the first completion counts, wherever the others come from", async () => {
  const token = await wait.createToken({ timeout: "1m" });

  const statuses = await Promise.all([
    wait.completeToken(token, { by: "sdk" }),
    fetch(token.url, { method: "POST", body: '{"by":"url"}' }).then((response) => response.status),
  ]);
  const first = (await wait.retrieveToken(token)).output;
  await wait.completeToken(token, { by: "late" });

  expect(statuses).toEqual([{ success: true }, 200]);
  expect((await wait.retrieveToken(token)).output).toEqual(first);
});

describe("timeouts", () => {
  const secondsLeft = async (timeout: string | Date | undefined) => {
    const token = await wait.createToken(timeout === undefined ? {} : { timeout });
    const { timeoutAt, createdAt } = await wait.retrieveToken(token);
    return Math.round(((timeoutAt?.getTime() ?? 0) - createdAt.getTime()) / 1_000);
  };

  test.each([
    ["45s", 45],
    ["1h30m", 5_400],
    ["2w", 1_209_600],
    [undefined, 600],
    ["soon", 600],
    ["2020-01-01T00:00:00Z", 600],
  ])("%j is %d seconds", async (timeout, seconds) => {
    expect(await secondsLeft(timeout)).toBe(seconds);
  });

  test("a date is that moment", async () => {
    expect(await secondsLeft(new Date(Date.now() + 90_000))).toBe(90);
  });

  test("a token that is over in time can not be completed any more", async () => {
    const token = await wait.createToken({ timeout: "1s" });
    await new Promise((resolve) => setTimeout(resolve, 1_300));

    await wait.completeToken(token, { late: true });

    expect(await wait.retrieveToken(token)).toMatchObject({
      status: "TIMED_OUT",
      error: { name: "WaitpointTimeoutError" },
    });
  });
});

test("a key finds its token until the key's time is over; without a key every token is another", async () => {
  const create = () => wait.createToken({ timeout: "1m", idempotencyKey: "short", idempotencyKeyTTL: "1s" });
  const [one, same] = [await create(), await create()];
  await wait.completeToken(one, 1);
  const completed = await create();
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const other = await create();

  expect(same).toMatchObject({ id: one.id, isCached: true });
  expect(completed.id).toBe(one.id);
  expect(other).toMatchObject({ isCached: false });
  expect(other.id).not.toBe(one.id);
  expect((await wait.createToken({ idempotencyKey: "" })).id).not.toBe(
    (await wait.createToken({ idempotencyKey: "" })).id,
  );
});

describe("the address to call", () => {
  const call = (url: string, init: RequestInit) => fetch(url, { method: "POST", ...init });

  test.each([
    ["JSON", '{"n":1}', { n: 1 }],
    ["something else", "thank you", {}],
    ["nothing", "", {}],
  ])("completes its token with %s", async (_, body, output) => {
    const token = await wait.createToken({ timeout: "1m" });

    expect((await call(token.url, { body })).status).toBe(200);
    expect((await wait.retrieveToken(token)).output).toEqual(output);
  });

  test("refuses another signature, another token's, and a body beyond the limit", async () => {
    const [token, other] = [await wait.createToken({ timeout: "1m" }), await wait.createToken({ timeout: "1m" })];
    const hash = new URL(other.url).pathname.split("/").at(-1) ?? "";

    expect((await call(token.url.replace(/[^/]+$/, hash), { body: "{}" })).status).toBe(401);
    expect((await call(`${token.url}0`, { body: "{}" })).status).toBe(401);
    expect((await call(token.url, { body: "x".repeat(17 * 1024 * 1024) })).status).toBe(413);
    expect((await wait.retrieveToken(token)).status).toBe("WAITING");
  });
});

test("a page with a token for waitpoints completes those it names, and nothing else", async () => {
  const [mine, other] = [await wait.createToken({ timeout: "1m" }), await wait.createToken({ timeout: "1m" })];
  const reading = await auth.createPublicToken({ scopes: { read: { waitpoints: [mine.id] } } });
  const complete = (id: string, token: string) =>
    fetch(`${server.url}/api/v1/waitpoints/tokens/${id}/complete`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, origin: "http://shop.example" },
      body: '{"data":1}',
    });

  expect((await complete(mine.id, reading)).status).toBe(403);
  expect((await complete(other.id, mine.publicAccessToken)).status).toBe(403);
  const answer = await complete(mine.id, mine.publicAccessToken);

  expect(answer.status).toBe(200);
  expect(answer.headers.get("access-control-allow-origin")).toBe("http://shop.example");
});
