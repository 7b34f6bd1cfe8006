import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { requestPasswordReset } from "@/lib/accounts/request-password-reset";
import { resetPassword } from "@/lib/accounts/reset-password";
import { resetToken } from "@/lib/accounts/reset-token";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import type { PasswordResetId } from "@/lib/ids";
import { resumeNotices } from "@/lib/notifications/resume-notices";
import { sendPasswordReset } from "@/lib/notifications/send-password-reset";
import { reviveMessages } from "@/lib/outbox/revive-messages";
import { raiseStuck } from "@/lib/reconcile/raise-stuck";
import { broughtAlong } from "@/tests/integration/accounts/mailed-links";
import { startWorld, type World } from "@/tests/support/world";

let world: World<"resend">;

beforeAll(async () => {
  world = await startWorld({ resend: true });
});
afterAll(() => world.close());
beforeEach(async () => {
  await fetch(`${world.resend.url}/_local/reset`, { method: "POST", body: "{}" });
});
afterEach(() => setCrashTrap(undefined));

type InboxMail = { to: string[]; subject: string; text: string };
const inbox = async () => (await (await fetch(`${world.resend.url}/_local/emails`)).json()) as InboxMail[];
const now = () => new Date();
const minutes = (count: number) => new Date(Date.now() + count * 60_000);
const send = (passwordResetId: PasswordResetId, at = now()) => sendPasswordReset({ passwordResetId, now: at });
const asked = (passwordResetId: PasswordResetId) =>
  db().outboxMessage.findMany({ where: { payload: { equals: { passwordResetId } } }, orderBy: { id: "asc" } });

let accounts = 0;
/** Somebody with an account has asked for a link. */
async function requested(): Promise<{ id: PasswordResetId; email: string }> {
  accounts += 1;
  const email = `charles-${accounts}@example.com`;
  await broughtAlong(email);
  return { id: await requestPasswordReset({ email, now: now() }), email };
}

/** The token in the mail that came last. */
async function tokenInMail(): Promise<string> {
  const [mail] = await inbox();
  const link = mail?.text.match(/http:\/\/localhost:3000\/sign-in\/reset\?token=(\S+)/)?.[1];
  return decodeURIComponent(link ?? "");
}

test("the mail goes to the account's address, once, however many ask, and its link sets the password", async () => {
  const { id, email } = await requested();

  const results = await Promise.all([send(id), send(id), send(id)]);
  results.push(await send(id));

  expect(results.filter((one) => one?.sent)).toHaveLength(1);
  const [mail, ...others] = await inbox();
  expect(others).toEqual([]);
  expect(mail).toMatchObject({ to: [email], subject: "Set your password at Shopfloor" });
  expect(await resetPassword({ token: await tokenInMail(), password: "difference engine", now: now() })).toEqual({
    email,
  });
});

test("an address without an account gets no mail, and is forgotten", async () => {
  const id = await requestPasswordReset({ email: "nobody@example.com", now: now() });

  expect(await send(id)).toBeNull();
  expect(await send(id)).toBeNull();

  expect(await inbox()).toEqual([]);
  expect(await db().passwordReset.count({ where: { email: "nobody@example.com" } })).toBe(0);
});

test("a link that would open nothing is not mailed: one that is too old, and one whose password was set by another", async () => {
  const { id: old } = await requested();
  const { id: late, email } = await requested();
  const other = await requestPasswordReset({ email, now: now() });
  await resetPassword({ token: resetToken(other), password: "difference engine", now: now() });

  expect(await send(old, minutes(60))).toBeNull();
  expect(await send(late)).toBeNull();

  expect(await inbox()).toEqual([]);
});

test("wherever a process dies between the request and its mail, there is one mail, and a second try sends the same one", async () => {
  const died: string[] = [];
  for (let nth = 1; died.length === nth - 1; nth++) {
    const { id } = await requested();
    let at = 0;
    setCrashTrap(
      (name) => {
        if (++at !== nth) return;
        died.push(name);
        throw new Error("killed");
      },
      { everywhere: true },
    );
    await send(id).catch(() => undefined);
    setCrashTrap(undefined);
    await send(id);

    const mails = await db().sentMail.findMany({ where: { passwordResetId: id } });
    // Resend answers a mail of other words under the same key without an id.
    expect(mails, died.at(-1)).toMatchObject([{ sentAt: expect.any(Date), providerId: expect.any(String) }]);
    expect(await inbox(), died.at(-1)).toHaveLength(nth);
    expect(await tokenInMail()).toBe(resetToken(id));
  }

  expect(died).toEqual(expect.arrayContaining(["mail.claimed", "mail.sent"]));
});

test("a request is kept with the message that asks for its mail, or not at all", async () => {
  const email = "cut-off@example.com";
  await broughtAlong(email);
  setCrashTrap(
    (name) => {
      if (name === "request-password-reset: before commit") throw new Error("killed");
    },
    { everywhere: true },
  );
  await expect(requestPasswordReset({ email, now: now() })).rejects.toThrow("killed");
  setCrashTrap(undefined);
  expect(await db().passwordReset.count({ where: { email } })).toBe(0);

  const id = await requestPasswordReset({ email, now: now() });

  expect(await asked(id)).toMatchObject([{ name: "password-reset.notify", payload: { passwordResetId: id } }]);
});

test("a mail whose run died is asked for once more, but not one that went out or would open nothing", async () => {
  const [lost, told, used, old, unknown] = [
    await requested(),
    await requested(),
    await requested(),
    await requested(),
    { id: await requestPasswordReset({ email: "stranger@example.com", now: now() }) },
  ];
  await send(told.id);
  await send(unknown.id);
  await resetPassword({ token: resetToken(used.id), password: "difference engine", now: now() });
  await db().passwordReset.update({ where: { id: old.id }, data: { expiresAt: minutes(-1) } });
  const ours = [lost, told, used, old, unknown].map(({ id }) => ({ payload: { equals: { passwordResetId: id } } }));
  await db().outboxMessage.deleteMany({ where: { NOT: { OR: ours } } });
  await db().outboxMessage.updateMany({ data: { sentAt: minutes(-5), runId: "run_dead" } });

  expect(await resumeNotices({ isRunOver: async () => true, now: now() })).toBe(1);
  expect(await resumeNotices({ isRunOver: async () => true, now: now() })).toBe(0);

  expect(await asked(lost.id)).toMatchObject([{}, { key: expect.stringMatching(/:again$/), sentAt: null }]);
});

test("a mail whose run the platform gave up is asked for again", async () => {
  const { id } = await requested();
  const [message] = await asked(id);
  await db().outboxMessage.updateMany({ where: { id: message?.id }, data: { sentAt: now(), runId: "run_dead" } });
  const dead = { tags: [message?.id ?? "", "store"] };

  expect(await reviveMessages({ runs: [dead], now: now() })).toBe(1);
  expect(await reviveMessages({ runs: [dead], now: now() })).toBe(0);

  expect(await asked(id)).toMatchObject([{ id: message?.id }, { sentAt: null }]);
});

test("staff need not look after a link that could not be mailed in time", async () => {
  const { id } = await requested();
  setCrashTrap((name) => {
    if (name === "mail.claimed") throw new Error("killed");
  });
  await expect(send(id)).rejects.toThrow("killed");
  await db().outboxMessage.updateMany({ data: { sentAt: now() } });

  expect(await raiseStuck({ now: minutes(25 * 60) })).toBe(0);
});
