import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createStaffUser } from "@/lib/accounts/create-staff-user";
import {
  ResetLinkError,
  TooManyAttemptsError,
  TooManyResetMailsError,
  TooManyResetsError,
  WrongCredentialsError,
} from "@/lib/accounts/errors";
import { findOpenReset } from "@/lib/accounts/find-open-reset";
import { requestPasswordReset } from "@/lib/accounts/request-password-reset";
import { resetPassword } from "@/lib/accounts/reset-password";
import { ResetPasswordInput } from "@/lib/accounts/schema";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { startWorld, type World } from "@/tests/support/world";
import { broughtAlong, mailedToken, minutesLater, now, oldPassword, registered, signInWith } from "./mailed-links";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const password = "difference engine";
const justBefore = (at: Date) => new Date(at.getTime() - 1);
const reasonsOf = (outcomes: PromiseSettledResult<unknown>[]) =>
  outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));

describe("the link", () => {
  it("sets a new password, the only one from then on, and verifies the address", async () => {
    const email = "ada@example.com";
    const userId = await registered(email);
    const token = await mailedToken(email);

    expect(await findOpenReset({ token, now })).toMatchObject({ email });
    expect(await resetPassword({ token, password, now })).toEqual({ email });

    await expect(signInWith(email, oldPassword)).rejects.toBeInstanceOf(WrongCredentialsError);
    await expect(signInWith(email, password)).resolves.toBeDefined();
    expect(await db().user.findUniqueOrThrow({ where: { id: userId } })).toMatchObject({
      emailVerified: true,
      role: "customer",
    });
    const accounts = await db().account.findMany({ where: { userId } });
    expect(accounts).toHaveLength(1);
    expect(accounts[0]?.password).not.toContain(password);
  });

  it("gives an account that has no password its first one", async () => {
    const email = "charles@example.com";
    const userId = await broughtAlong(email);
    await expect(signInWith(email, password)).rejects.toBeInstanceOf(WrongCredentialsError);

    await resetPassword({ token: await mailedToken(email), password, now });

    await expect(signInWith(email, password)).resolves.toBeDefined();
    expect(await db().user.findUniqueOrThrow({ where: { id: userId } })).toMatchObject({ emailVerified: true });
  });

  it("sets a password for staff as well, and leaves their role alone", async () => {
    const grace = { email: "grace@shopfloor.example", name: "Grace", role: "owner", password: oldPassword } as const;
    await createStaffUser(grace);

    await resetPassword({ token: await mailedToken(grace.email), password, now });

    await expect(signInWith(grace.email, password)).resolves.toBeDefined();
    expect(await db().user.findUniqueOrThrow({ where: { email: grace.email } })).toMatchObject({ role: "owner" });
  });

  it("opens nothing an hour after it was asked for", async () => {
    const email = "late@example.com";
    await registered(email);
    const token = await mailedToken(email);

    expect(await findOpenReset({ token, now: justBefore(minutesLater(60)) })).toMatchObject({ email });
    expect(await findOpenReset({ token, now: minutesLater(60) })).toBeNull();
    await expect(resetPassword({ token, password, now: minutesLater(60) })).rejects.toBeInstanceOf(ResetLinkError);
    await expect(signInWith(email, oldPassword)).resolves.toBeDefined();
    await expect(resetPassword({ token, password, now: justBefore(minutesLater(60)) })).resolves.toBeDefined();
  });

  it("sets a password once", async () => {
    const email = "twice@example.com";
    await registered(email);
    const token = await mailedToken(email);
    await resetPassword({ token, password, now });

    await expect(resetPassword({ token, password: "stolen from the history", now })).rejects.toBeInstanceOf(
      ResetLinkError,
    );

    expect(await findOpenReset({ token, now })).toBeNull();
    await expect(signInWith(email, password)).resolves.toBeDefined();
  });

  it("sets the password of one of those who use it at once, and refuses the others", async () => {
    const email = "crowded@example.com";
    const userId = await broughtAlong(email);
    const token = await mailedToken(email);
    const passwords = ["engine number one", "engine number two", "engine number three", "engine number four"];

    const outcomes = await Promise.allSettled(passwords.map((one) => resetPassword({ token, password: one, now })));

    const winner = outcomes.findIndex(({ status }) => status === "fulfilled");
    expect(reasonsOf(outcomes)).toEqual(Array(3).fill(expect.any(ResetLinkError)));
    await expect(signInWith(email, passwords[winner] ?? "")).resolves.toBeDefined();
    expect(await db().account.count({ where: { userId } })).toBe(1);
  });

  it("stays good when a newer one is asked for, and is closed when any of them is used", async () => {
    const email = "impatient@example.com";
    await registered(email);
    const [first, second, third] = [await mailedToken(email), await mailedToken(email), await mailedToken(email)];
    await registered("bystander@example.com");
    const others = await mailedToken("bystander@example.com");

    await resetPassword({ token: second, password, now });

    for (const token of [first, third])
      await expect(resetPassword({ token, password, now })).rejects.toBeInstanceOf(ResetLinkError);
    expect(await findOpenReset({ token: others, now })).not.toBeNull();
  });

  it("lets one win where two links of an account are used at once, whichever", async () => {
    const email = "two-links@example.com";
    const userId = await broughtAlong(email);
    const tokens = [await mailedToken(email), await mailedToken(email)];

    const outcomes = await Promise.allSettled(tokens.map((token) => resetPassword({ token, password, now })));

    expect(reasonsOf(outcomes)).toEqual([expect.any(ResetLinkError)]);
    expect(await db().account.count({ where: { userId } })).toBe(1);
  });

  it("that the store did not make opens nothing, whatever is known of a reset", async () => {
    await registered("target@example.com");
    await registered("mallory@example.com");
    const [target, own] = [await mailedToken("target@example.com"), await mailedToken("mallory@example.com")];
    const [id, proof] = target.split(".");
    const [, ownProof] = own.split(".");

    const forged = [
      ...["", ".", id ?? "", `${id}.`, `.${proof}`, proof ?? "", `${target}.`, `${target}A`, target.slice(0, -1)],
      ...[`${id}.${ownProof}`, `${id}.${(proof ?? "").toLowerCase()}`, target.toUpperCase(), `${id}\u0000.${proof}`],
    ];
    for (const token of forged)
      await expect(resetPassword({ token, password, now }), token).rejects.toBeInstanceOf(ResetLinkError);
    await expect(resetPassword({ token: target, password, now })).resolves.toBeDefined();
  });

  it("of an account that is gone is refused, and leaves nothing", async () => {
    const email = "gone@example.com";
    await broughtAlong(email);
    const token = await mailedToken(email);
    await db().user.delete({ where: { email } });

    await expect(resetPassword({ token, password, now })).rejects.toBeInstanceOf(ResetLinkError);

    expect(await db().user.count({ where: { email } })).toBe(0);
  });
});

describe("setting a password", () => {
  it("ends every session of the account, and nobody else's", async () => {
    const email = "everywhere@example.com";
    const [userId, otherId] = [await registered(email), await registered("elsewhere@example.com")];
    await signInWith(email, oldPassword);
    await signInWith(email, oldPassword);
    await signInWith("elsewhere@example.com", oldPassword);

    await resetPassword({ token: await mailedToken(email), password, now });

    expect(await db().session.count({ where: { userId } })).toBe(0);
    expect(await db().session.count({ where: { userId: otherId } })).toBe(1);
  });

  it("leaves no session to who signs in with the old password meanwhile", async () => {
    const email = "racing@example.com";
    const userId = await registered(email);
    const token = await mailedToken(email);
    // Each round of hashing takes about as long as the setting of the password.
    const tries = Array.from({ length: 8 }, () => signInWith(email, oldPassword));

    await Promise.allSettled([resetPassword({ token, password, now }), ...tries]);

    expect(await db().session.count({ where: { userId } })).toBe(0);
    await expect(signInWith(email, password)).resolves.toBeDefined();
  });

  it("lets in whom too many tries had locked out", async () => {
    const email = "locked-out@example.com";
    await registered(email);
    await db().rateLimit.update({ where: { key: `sign-in:${email}` }, data: { count: 11 } });
    await expect(signInWith(email, oldPassword)).rejects.toBeInstanceOf(TooManyAttemptsError);

    await resetPassword({ token: await mailedToken(email), password, now });

    await expect(signInWith(email, password)).resolves.toBeDefined();
  });

  it("takes 8 to 128 characters, and a form without a token is refused like a wrong link", () => {
    const passes = (length: number) =>
      ResetPasswordInput.safeParse({ token: "x", password: "x".repeat(length) }).success;

    expect([7, 8, 128, 129].map(passes)).toEqual([false, true, true, false]);
    for (const token of [undefined, 7, "x".repeat(201)])
      expect(ResetPasswordInput.parse({ token, password })).toEqual({ token: "", password });
  });
});

describe("asking for a link", () => {
  it("leaves the same behind and gives the same answer, whether there is an account or not", async () => {
    await registered("known@example.com");
    const left = async (email: string) => {
      const id = await requestPasswordReset({ email, now });
      const { name, key, payload, tags } = await db().outboxMessage.findFirstOrThrow({
        where: { payload: { equals: { passwordResetId: id } } },
      });
      const { expiresAt, closedAt } = await db().passwordReset.findUniqueOrThrow({ where: { id } });
      const { count } = await db().rateLimit.findUniqueOrThrow({ where: { key: `password-reset:${email}` } });
      return JSON.stringify({ name, key, payload, tags, expiresAt, closedAt, count, id }).replaceAll(id, "(id)");
    };

    expect(await left("unknown@example.com")).toBe(await left("known@example.com"));
  });

  it("is refused the sixth time within an hour, to known and unknown addresses alike, and to no other", async () => {
    await registered("flooded@example.com");
    for (const email of ["flooded@example.com", "nobody@example.com"]) {
      const outcomes = await Promise.allSettled(Array.from({ length: 7 }, () => requestPasswordReset({ email, now })));

      expect(reasonsOf(outcomes)).toEqual(Array(2).fill(expect.any(TooManyResetMailsError)));
      expect(await db().passwordReset.count({ where: { email } })).toBe(5);
      await expect(requestPasswordReset({ email, now: justBefore(minutesLater(60)) })).rejects.toThrow(
        TooManyResetMailsError,
      );
      await expect(requestPasswordReset({ email, now: minutesLater(60) })).resolves.toBeDefined();
    }
    await expect(requestPasswordReset({ email: "other@example.com", now })).resolves.toBeDefined();
  });

  it("is refused to the 301st within a minute, whatever the addresses, and leaves nothing of it", async () => {
    const at = minutesLater(24 * 60);
    const tryAs = (count: number, when = at) => requestPasswordReset({ email: `mob-${count}@example.com`, now: when });
    await tryAs(1);
    await db().rateLimit.update({ where: { key: "password-reset" }, data: { count: 298 } });

    const outcomes = await Promise.allSettled([2, 3, 4, 5].map((count) => tryAs(count)));

    expect(reasonsOf(outcomes)).toEqual(Array(2).fill(expect.any(TooManyResetsError)));
    expect(await db().passwordReset.count({ where: { email: { startsWith: "mob-" } } })).toBe(3);
    expect(await db().rateLimit.count({ where: { key: { startsWith: "password-reset:mob-" } } })).toBe(3);
    await expect(tryAs(6, new Date(at.getTime() + 60_000))).resolves.toBeDefined();
  });

  it("writes down nothing that opens the link", async () => {
    const email = "watched@example.com";
    await registered(email);
    const token = await mailedToken(email);
    const [, proof = ""] = token.split(".");
    const mail = { id: newId("mail"), kind: "password-reset", recipient: email };
    await db().sentMail.create({ data: { ...mail, passwordResetId: token.split(".")[0] } });

    const tables = await db().$queryRaw<{ name: string }[]>`
      select format('%I', tablename) as name from pg_tables where schemaname = 'public'`;
    expect(tables.length).toBeGreaterThan(30);
    for (const { name } of tables) {
      const rows = await db().$queryRawUnsafe(
        `select to_jsonb(t)::text as row from ${name} t where to_jsonb(t)::text like '%${proof}%'`,
      );
      expect(rows, name).toEqual([]);
    }
  });
});
