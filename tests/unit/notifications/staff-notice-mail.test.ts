import { expect, test } from "vitest";
import { type StaffNoticeFacts, staffNoticeMail } from "@/lib/notifications/staff-notice-mail";
import { staffNotices } from "@/lib/outbox/messages";

const contested: StaffNoticeFacts = {
  storeName: "Shopfloor",
  adminUrl: "http://localhost:3000/admin/orders/ord_1",
  number: 1042,
  amount: "€19.99",
  reason: "product not received",
  dispute: { status: "needs_response", blocksRefunds: true, answerBefore: "2026-12-04" },
};

const textOf = (notice: (typeof staffNotices)[number], dispute: Partial<StaffNoticeFacts["dispute"]> = {}) =>
  staffNoticeMail(notice, {
    ...contested,
    dispute: contested.dispute && { ...contested.dispute, ...dispute },
  }).text;

test.each(staffNotices)("the %s mail names the order and where to look, in HTML and in plain text", (notice) => {
  const mail = staffNoticeMail(notice, contested);

  expect(mail.subject).toContain("1042");
  for (const text of [mail.html, mail.text]) expect(text).toContain(contested.adminUrl);
  expect(staffNoticeMail(notice, contested)).toEqual(mail);
});

test("a dispute's mail says until when to answer, and whether the money is taken", () => {
  expect(textOf("dispute-opened")).toContain("Answer it in Stripe's dashboard before 2026-12-04.");
  expect(textOf("dispute-opened")).toContain("Stripe has taken the money");
  expect(textOf("dispute-opened", { blocksRefunds: false, answerBefore: null })).toContain("No money is taken yet");
});

test("its last mail says who won", () => {
  expect(textOf("dispute-closed", { status: "won" })).toContain("was won: €19.99 is back");
  expect(textOf("dispute-closed", { status: "lost" })).toContain("was lost: €19.99 is gone");
  expect(textOf("dispute-closed", { status: "warning_closed" })).toContain("closed without a dispute");
});
