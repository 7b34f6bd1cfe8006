import { expect, test } from "vitest";
import { confirmation, startWorld } from "./world";

test("planned failures meet the next sends and then are over", async () => {
  const { resend, plan } = await startWorld();
  await plan({ kind: "error", count: 2 });

  const results = [];
  for (let attempt = 0; attempt < 3; attempt++) results.push(await resend.emails.send(confirmation));

  expect(results.map(({ error }) => error?.statusCode)).toEqual([500, 500, undefined]);
  expect((await resend.emails.list()).data?.data).toHaveLength(1);
});

test("a connection dropped after accepting is one mail when sent again under its key", async () => {
  const { resend, plan } = await startWorld();
  await plan({ kind: "drop-after" });

  const dropped = await resend.emails.send(confirmation, { idempotencyKey: "ord_1" });
  const again = await resend.emails.send(confirmation, { idempotencyKey: "ord_1" });

  expect(dropped.error).toMatchObject({ name: "application_error", statusCode: null });
  expect(again.error).toBeNull();
  expect((await resend.emails.list()).data?.data.map(({ id }) => id)).toEqual([again.data?.id]);
});

test("a connection dropped before accepting leaves no mail", async () => {
  const { resend } = await startWorld();

  const dropped = await resend.emails.send({ ...confirmation, to: "drop-before@shop.test" });

  expect(dropped.error?.statusCode).toBeNull();
  expect((await resend.emails.list()).data?.data).toEqual([]);
});

test("an address names its failure, once, so that a retry gets through", async () => {
  const { resend } = await startWorld();
  const to = "server-error+ada@shop.test";

  const first = await resend.emails.send({ ...confirmation, to });
  const second = await resend.emails.send({ ...confirmation, to });

  expect(first.error).toMatchObject({ name: "internal_server_error", statusCode: 500 });
  expect(second.error).toBeNull();
});

test("a failure by address may be a rate limit, with the time to wait", async () => {
  const { resend } = await startWorld();

  const { error, headers } = await resend.emails.send({ ...confirmation, to: "rate-limited@shop.test" });

  expect(error).toMatchObject({ name: "rate_limit_exceeded", statusCode: 429 });
  expect(headers?.["retry-after"]).toBe("1");
});

test("over the rate limit is 429 with retry-after", async () => {
  const { resend } = await startWorld({ requestsPerSecond: 2 });

  const results = await Promise.all([1, 2, 3, 4, 5].map(() => resend.emails.send(confirmation)));

  const refused = results.filter(({ error }) => error?.name === "rate_limit_exceeded");
  expect(refused.length).toBeGreaterThanOrEqual(1);
  expect(refused[0]?.error?.statusCode).toBe(429);
  expect(refused[0]?.headers?.["retry-after"]).toBe("1");
  expect(results[0]?.headers?.["ratelimit-limit"]).toBe("2");
});

test("reset forgets mails, keys and plans", async () => {
  const { resend, server, plan } = await startWorld();
  await resend.emails.send(confirmation, { idempotencyKey: "ord_1" });
  await plan({ kind: "error" });

  await fetch(`${server.url}/_local/reset`, { method: "POST" });

  expect((await resend.emails.list()).data?.data).toEqual([]);
  expect((await resend.emails.send(confirmation, { idempotencyKey: "ord_1" })).error).toBeNull();
});

test("the control endpoints do not serve pages of other sites", async () => {
  const { server } = await startWorld();

  const response = await fetch(`${server.url}/_local/reset`, {
    method: "POST",
    headers: { "sec-fetch-site": "cross-site" },
  });

  expect(response.status).toBe(403);
});
