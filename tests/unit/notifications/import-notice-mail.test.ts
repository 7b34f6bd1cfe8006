import { expect, test } from "vitest";
import { type ImportNoticeFacts, importNoticeMail } from "@/lib/notifications/import-notice-mail";

const completed: ImportNoticeFacts = {
  storeName: "Shopfloor",
  importUrl: "http://localhost:3000/admin/imports/imp_1",
  fileName: "spring <1>.csv",
  kind: "Products",
  isRetry: false,
  status: "completed",
  reason: null,
  durationMs: 200_400,
  rowsRead: 12_345,
  created: 100,
  updated: 3,
  unchanged: 1,
  refused: 7,
};

test("the mail says how many, how long, and where to look, in HTML and in plain text", () => {
  const mail = importNoticeMail(completed);

  expect(mail.subject).toBe("The import of spring <1>.csv is complete");
  for (const text of [mail.html, mail.text]) {
    expect(text).toContain(completed.importUrl);
    expect(text).toContain("12,345 rows were read in 3 min. Products: 100 created, 3 updated, 1 unchanged.");
    expect(text).toContain("7 rows were refused.");
  }
  expect(mail.html).not.toContain("<1>");
  expect(importNoticeMail(completed)).toEqual(mail);
});

test("the mail about a failure says why, and what became of the rows before", () => {
  const failed = { ...completed, status: "failed", reason: "The row 5 breaks.", refused: 0 } as const;

  const { subject, text } = importNoticeMail(failed);

  expect(subject).toBe("The import of spring <1>.csv failed");
  expect(text).toMatch(/The row 5 breaks\.\n.*12,345 rows.*\nNo row was refused\.\n.*stays there\./);
  expect(importNoticeMail({ ...failed, rowsRead: 0, durationMs: null }).text).toContain("Nothing was imported.");
});

test("a retry is told from the import of the file itself", () => {
  const { subject } = importNoticeMail({ ...completed, isRetry: true, fileName: "spring.csv" });

  expect(subject).toBe("The import of the refused rows of spring.csv is complete");
});
