import { Resend } from "resend";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MailRefusedError } from "@/lib/notifications/errors";
import { translateResendError } from "@/lib/notifications/resend-errors";
import { vendorFailures } from "@/lib/vendor-failures";
import { startWorld, type World } from "@/tests/support/world";
import { answering, atOnce, backOff, type Case, decisionOn, rowsWithout, told } from "./cases";

let world: World<"resend">;

beforeAll(async () => {
  world = await startWorld({ resend: true });
});

afterAll(() => world.close());

const from = "Shopfloor <orders@shopfloor.example>";

/** Sends with Resend's own client, and answers its error in our words. */
async function failing(
  mail: { to: string; idempotencyKey?: string; timeoutMs?: number },
  { baseUrl = world.resend.url, apiKey = "re_local_tests" } = {},
): Promise<unknown> {
  const { error, headers } = await new Resend(apiKey, { baseUrl }).emails.send(
    { from, to: mail.to, subject: "Hello", text: "Hello" },
    { idempotencyKey: mail.idempotencyKey, signal: AbortSignal.timeout(mail.timeoutMs ?? 5_000) },
  );
  if (!error) throw new Error("It did not fail");
  return translateResendError(error, headers);
}

const said = async (statusCode: number, name: string) => {
  const body = JSON.stringify({ statusCode, name, message: "Said by the test." });
  const { url } = await answering(statusCode, body, { "content-type": "application/json" });
  return failing({ to: "ada@example.com" }, { baseUrl: url });
};

const cases: Case[] = [
  {
    name: "nobody answers",
    row: "none",
    provoke: () => failing({ to: "ada@example.com" }, { baseUrl: "http://127.0.0.1:1" }),
    becomes: "TemporaryError",
    decision: atOnce,
  },
  {
    name: "the connection is closed after the mail was taken",
    row: "none",
    provoke: () => failing({ to: "drop-after@example.com" }),
    becomes: "TemporaryError",
    decision: atOnce,
  },
  {
    name: "the answer takes longer than the client waits",
    row: "none",
    provoke: () => failing({ to: "slow-answer@example.com", timeoutMs: 200 }),
    becomes: "TemporaryError",
    decision: atOnce,
  },
  {
    name: "too many requests",
    row: "429",
    provoke: () => failing({ to: "rate-limited@example.com" }),
    becomes: "TemporaryError",
    decision: told(1_000),
  },
  {
    name: "the day's mails are used up, and Resend does not say until when",
    row: "429",
    provoke: () => said(429, "daily_quota_exceeded"),
    becomes: "TemporaryError",
    decision: backOff,
  },
  {
    name: "the same mail is being sent right now",
    row: "409 concurrent_idempotent_requests",
    provoke: async () => {
      const first = failing({ to: "slow-answer@example.com", idempotencyKey: "mail_1", timeoutMs: 900 });
      await new Promise((resolve) => setTimeout(resolve, 200));
      const second = await failing({ to: "slow-answer@example.com", idempotencyKey: "mail_1" });
      await first;
      return second;
    },
    becomes: "TemporaryError",
    decision: told(1_000),
  },
  {
    name: "Resend fails",
    row: "5xx",
    provoke: () => failing({ to: "server-error@example.com" }),
    becomes: "TemporaryError",
    decision: backOff,
  },
  {
    name: "no key",
    row: "401",
    provoke: () => said(401, "missing_api_key"),
    becomes: "Error",
    decision: backOff,
  },
  {
    name: "a wrong key",
    row: "403 invalid_api_key",
    provoke: () => failing({ to: "ada@example.com" }, { apiKey: "re_local_other" }),
    becomes: "Error",
    decision: backOff,
  },
  {
    name: "an address that is none",
    row: "4xx",
    provoke: () => failing({ to: "nobody" }),
    becomes: MailRefusedError.name,
    decision: "stop",
  },
  {
    name: "something that Resend does not have",
    row: "404",
    provoke: () => failing({ to: "ada@example.com" }, { baseUrl: `${world.resend.url}/nowhere` }),
    becomes: MailRefusedError.name,
    decision: "stop",
  },
];

test.each(cases)("Resend, $row: $name", async ({ provoke, becomes, decision }) => {
  const error = await provoke();

  expect((error as Error).constructor.name).toBe(becomes);
  expect(decisionOn(error)).toEqual(decision);
});

test("no row of Resend's table is left out", () => {
  expect(rowsWithout(cases, vendorFailures.resend)).toEqual([]);
});
