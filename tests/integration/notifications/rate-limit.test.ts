import { expect, onTestFinished, test } from "vitest";
import { TemporaryError } from "@/lib/errors";
import { sendMail } from "@/lib/notifications/send-mail";
import { startResend } from "@/local/resend/server";
import { temporaryFolder } from "@/tests/support/temporary-folder";

const mail = { to: ["ada@example.com"], subject: "Hello", html: "<p>Hello</p>", text: "Hello" };

test("over Resend's limit a mail waits for as long as Resend says", async () => {
  const server = await startResend({
    port: 0,
    stateDir: await temporaryFolder(),
    apiKey: "re_local_tests",
    requestsPerSecond: 1,
  });
  onTestFinished(() => server.close());
  process.env.RESEND_BASE_URL = server.url;

  const answers = await Promise.allSettled(
    ["a", "b", "c"].map((idempotencyKey) => sendMail({ ...mail, idempotencyKey })),
  );

  const refused = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason] : []));
  expect(refused.length).toBeGreaterThan(0);
  for (const refusal of refused) {
    expect(refusal).toBeInstanceOf(TemporaryError);
    expect(refusal).toMatchObject({ vendor: "resend", retryAfterMs: 1000 });
  }
});
