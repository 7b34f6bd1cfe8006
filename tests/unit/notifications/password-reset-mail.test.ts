import { expect, test } from "vitest";
import { type PasswordResetFacts, passwordResetMail } from "@/lib/notifications/password-reset-mail";

const asked: PasswordResetFacts = {
  storeName: "Tools & <Things>",
  resetUrl: "http://localhost:3000/sign-in/reset?token=pwr_1.abc",
  expiresAt: new Date("2026-12-01T15:20:40Z"),
};

test("the mail says whose password its link sets, until when, and what to do if nobody asked, in HTML and in plain text", () => {
  const mail = passwordResetMail(asked);

  expect(mail.subject).toBe("Set your password at Tools & <Things>");
  for (const text of [mail.html, mail.text]) {
    expect(text).toContain(asked.resetUrl);
    expect(text).toMatch(/once, until 1 December 2026(,| at) 15:20 UTC/);
    expect(text).toContain("If it was not you, there is nothing to do");
  }
  expect(mail.html).toContain(`href="${asked.resetUrl}"`);
  expect(mail.html).not.toContain("<Things>");
  expect(passwordResetMail(asked)).toEqual(mail);
});
