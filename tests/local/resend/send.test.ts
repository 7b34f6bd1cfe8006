import { Resend } from "resend";
import { expect, test, vi } from "vitest";
import { startResend } from "../../../local/resend/server";
import { apiKey, confirmation, startWorld } from "./world";

async function countOf(resend: Resend) {
  return (await resend.emails.list()).data?.data.length;
}

test("a mail that was accepted can be read back as it was sent", async () => {
  const { resend } = await startWorld();
  const tags = [{ name: "order", value: "ord_1" }];

  const sent = await resend.emails.send({
    ...confirmation,
    cc: ["bob@shop.test"],
    replyTo: "help@shopfloor.example",
    tags,
  });
  const got = await resend.emails.get(sent.data?.id ?? "");

  expect(sent.error).toBeNull();
  expect(got.data).toMatchObject({
    object: "email",
    id: sent.data?.id,
    from: confirmation.from,
    to: ["ada@shop.test"],
    cc: ["bob@shop.test"],
    bcc: null,
    reply_to: ["help@shopfloor.example"],
    subject: confirmation.subject,
    html: confirmation.html,
    text: confirmation.text,
    tags,
    last_event: "delivered",
    scheduled_at: null,
  });
});

test.each([
  ["bounced@resend.dev", "bounced"],
  ["bounced+order@resend.dev", "bounced"],
  ["Name <complained@resend.dev>", "complained"],
  ["suppressed@resend.dev", "suppressed"],
  ["delivered@resend.dev", "delivered"],
])("a mail to %s ends as %s", async (to, event) => {
  const { resend } = await startWorld();

  const sent = await resend.emails.send({ ...confirmation, to });

  expect((await resend.emails.get(sent.data?.id ?? "")).data?.last_event).toBe(event);
});

test("the same mail sent again under its key is one mail with one id", async () => {
  const { resend } = await startWorld();

  const sends = await Promise.all(
    [1, 2, 3].map(() => resend.emails.send(confirmation, { idempotencyKey: "ord_1:confirmed" })),
  );
  const later = await resend.emails.send(confirmation, { idempotencyKey: "ord_1:confirmed" });

  expect(later.error).toBeNull();
  expect(new Set(sends.map(({ data }) => data?.id))).toEqual(new Set([later.data?.id]));
  expect(await countOf(resend)).toBe(1);
});

test("another mail under a used key is refused and not kept", async () => {
  const { resend } = await startWorld();
  await resend.emails.send(confirmation, { idempotencyKey: "ord_1:confirmed" });

  const { data, error } = await resend.emails.send(
    { ...confirmation, subject: "Other" },
    { idempotencyKey: "ord_1:confirmed" },
  );

  expect(data).toBeNull();
  expect(error).toMatchObject({ name: "invalid_idempotent_request", statusCode: 409 });
  expect(await countOf(resend)).toBe(1);
});

test("a key that is still being worked on is refused as concurrent", async () => {
  const { resend, plan } = await startWorld();
  await plan({ kind: "delay", delayMs: 300 });

  const results = await Promise.all([1, 2].map(() => resend.emails.send(confirmation, { idempotencyKey: "ord_1" })));

  const errors = results.flatMap(({ error }) => (error ? [error] : []));
  expect(errors).toEqual([expect.objectContaining({ name: "concurrent_idempotent_requests", statusCode: 409 })]);
  expect(await countOf(resend)).toBe(1);
});

test("a key of more than 256 characters is refused", async () => {
  const { resend } = await startWorld();

  const { error } = await resend.emails.send(confirmation, { idempotencyKey: "k".repeat(257) });

  expect(error).toMatchObject({ name: "invalid_idempotency_key", statusCode: 400 });
});

test("a key holds for 24 hours and no longer", async () => {
  const { resend } = await startWorld();
  await resend.emails.send(confirmation, { idempotencyKey: "ord_1" });

  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 24 * 3600 * 1000 + 1 });
  try {
    await resend.emails.send(confirmation, { idempotencyKey: "ord_1" });
  } finally {
    vi.useRealTimers();
  }

  expect(await countOf(resend)).toBe(2);
});

test("a refused mail may be corrected and sent under the same key", async () => {
  const { resend } = await startWorld();

  const refused = await resend.emails.send({ ...confirmation, to: "nobody" }, { idempotencyKey: "ord_1" });
  const corrected = await resend.emails.send(confirmation, { idempotencyKey: "ord_1" });

  expect(refused.error?.name).toBe("validation_error");
  expect(corrected.error).toBeNull();
});

test.each([
  ["no recipient", { to: [] as string[] }, "missing_required_field"],
  ["no subject", { subject: "" }, "missing_required_field"],
  ["no body", { html: undefined, text: undefined }, "missing_required_field"],
  ["an address that is none", { to: "ada" }, "validation_error"],
  ["a line break in the sender", { from: "Ada\r\nBcc: x@shop.test <ada@shop.test>" }, "validation_error"],
  ["51 recipients", { to: Array.from({ length: 51 }, (_, index) => `p${index}@shop.test`) }, "validation_error"],
  ["a tag with a space", { tags: [{ name: "a b", value: "c" }] }, "validation_error"],
  ["a time to send at", { scheduledAt: "in 1 hour" }, "invalid_parameter"],
  [
    "an attachment by address",
    { attachments: [{ path: "https://shop.test/a.pdf", filename: "a.pdf" }] },
    "invalid_parameter",
  ],
  ["an attachment without a name", { attachments: [{ content: "aGk=" }] }, "invalid_attachment"],
  ["a header with a line break", { headers: { "X-Order": "1\r\nBcc: x@shop.test" } }, "validation_error"],
])("a mail with %s is refused with 422 and not kept", async (_, change, name) => {
  const { resend } = await startWorld();

  const { data, error } = await resend.emails.send({ ...confirmation, ...change } as typeof confirmation);

  expect(data).toBeNull();
  expect(error).toMatchObject({ name, statusCode: 422, message: expect.any(String) });
  expect(await countOf(resend)).toBe(0);
});

test("a missing and a wrong API key are refused", async () => {
  const { server } = await startWorld();

  const wrong = await new Resend("re_local_other", { baseUrl: server.url }).emails.send(confirmation);
  const missing = await fetch(`${server.url}/emails`, { method: "POST", body: "{}" });

  expect(wrong.error).toMatchObject({ name: "invalid_api_key", statusCode: 403 });
  expect(missing.status).toBe(401);
  expect(await missing.json()).toMatchObject({ name: "missing_api_key", statusCode: 401 });
});

test("it refuses to start in production or with a key that may be real", async () => {
  const options = { port: 0, stateDir: "/nonexistent" };

  await expect(startResend({ ...options, apiKey: "re_123" })).rejects.toThrow(/begins with re_local/);
  vi.stubEnv("NODE_ENV", "production");
  try {
    await expect(startResend({ ...options, apiKey })).rejects.toThrow(/NODE_ENV=production/);
  } finally {
    vi.unstubAllEnvs();
  }
});

test("what is not supported is an error in Resend's shape, never a success", async () => {
  const { resend, server } = await startWorld();

  const domains = await resend.domains.list();
  const cancelled = await resend.emails.cancel("some-id");
  const unknown = await fetch(`${server.url}/nowhere`);

  expect(domains.error).toMatchObject({ name: "not_found", statusCode: 404 });
  expect(cancelled.error).toMatchObject({ name: "not_found", statusCode: 404 });
  expect(await unknown.json()).toMatchObject({ name: "not_found", statusCode: 404 });
});

test("a batch is all or nothing, or says which mails failed when asked to be permissive", async () => {
  const { resend } = await startWorld();
  const broken = { ...confirmation, to: "nobody" };

  const strict = await resend.batch.send([confirmation, broken]);
  const none = await countOf(resend);
  const permissive = await resend.batch.send([confirmation, broken], { batchValidation: "permissive" });
  const tooMany = await resend.batch.send(Array.from({ length: 101 }, () => confirmation));

  expect(strict.error?.name).toBe("validation_error");
  expect(none).toBe(0);
  expect(permissive.data?.data).toHaveLength(1);
  expect(permissive.data?.errors).toEqual([{ index: 1, message: expect.stringContaining("Invalid `to` field") }]);
  expect(tooMany.error?.name).toBe("validation_error");
});

test("a batch under a key is sent once", async () => {
  const { resend } = await startWorld();
  const batch = [confirmation, { ...confirmation, to: "bob@shop.test" }];

  const first = await resend.batch.send(batch, { idempotencyKey: "night" });
  const again = await resend.batch.send(batch, { idempotencyKey: "night" });

  expect(again.data).toEqual(first.data);
  expect(await countOf(resend)).toBe(2);
});

test("pages of the list give every mail once, newest first, both ways", async () => {
  const { resend } = await startWorld();
  for (const number of [1, 2, 3, 4, 5]) await resend.emails.send({ ...confirmation, subject: `Mail ${number}` });
  const subjects = (page: Awaited<ReturnType<typeof resend.emails.list>>) =>
    page.data?.data.map(({ subject }) => subject);

  const first = await resend.emails.list({ limit: 2 });
  const second = await resend.emails.list({ limit: 2, after: first.data?.data.at(-1)?.id ?? "" });
  const last = await resend.emails.list({ limit: 2, after: second.data?.data.at(-1)?.id ?? "" });
  const back = await resend.emails.list({ limit: 2, before: second.data?.data[0]?.id ?? "" });

  expect([first, second, last].map(subjects)).toEqual([["Mail 5", "Mail 4"], ["Mail 3", "Mail 2"], ["Mail 1"]]);
  expect([first, second, last].map(({ data }) => data?.has_more)).toEqual([true, true, false]);
  expect(subjects(back)).toEqual(["Mail 5", "Mail 4"]);
});
