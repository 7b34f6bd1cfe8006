import { beforeAll, describe, expect, it } from "vitest";
import { requireStaff } from "@/lib/accounts/actor";
import { auth } from "@/lib/accounts/auth";
import { createStaffUser } from "@/lib/accounts/create-staff-user";
import {
  CustomerEmailError,
  EmailTakenError,
  NotAllowedError,
  TooManyAttemptsError,
  TooManyRegistrationsError,
  WrongCredentialsError,
} from "@/lib/accounts/errors";
import { findActor } from "@/lib/accounts/find-actor";
import { registerCustomer } from "@/lib/accounts/register-customer";
import { SignInInput } from "@/lib/accounts/schema";
import { signIn, signOut } from "@/lib/accounts/sign-in";
import { db } from "@/lib/db/client";

const grace = {
  email: "grace@shopfloor.example",
  password: "correct horse battery",
  name: "Grace",
  role: "owner",
} as const;
const now = new Date("2026-11-23T10:00:00Z");
const fromNobody = new Headers();

/** The header a browser would send after it was given these cookies. */
function browserWith(setCookies: string[]): Headers {
  return new Headers({ cookie: setCookies.map((cookie) => cookie.split(";")[0]).join("; ") });
}

async function graceSignsIn() {
  return signIn({ email: grace.email, password: grace.password, headers: fromNobody, now });
}

describe("signing in", () => {
  beforeAll(async () => {
    await createStaffUser(grace);
  });

  it("makes a staff actor of the owner, by a cookie scripts cannot read", async () => {
    const { setCookies } = await graceSignsIn();

    const actor = await findActor(browserWith(setCookies));

    expect(actor).toMatchObject({ kind: "staff", role: "owner", email: grace.email });
    expect(setCookies.join()).toMatch(/httponly/i);
    expect(setCookies.join()).toMatch(/samesite=lax/i);
  });

  it("keeps no password, only its hash", async () => {
    const account = await db().account.findFirstOrThrow({ where: { user: { email: grace.email } } });

    expect(account.password).toBeTruthy();
    expect(account.password).not.toContain(grace.password);
  });

  it("refuses a wrong password and an unknown e-mail with the same words", async () => {
    const wrong = await signIn({ ...grace, password: "wrong password", headers: fromNobody, now }).catch(
      (e: unknown) => e,
    );
    const unknown = await signIn({ ...grace, email: "mallory@example.com", headers: fromNobody, now }).catch(
      (e: unknown) => e,
    );

    expect(wrong).toBeInstanceOf(WrongCredentialsError);
    expect(unknown).toBeInstanceOf(WrongCredentialsError);
    expect((wrong as Error).message).toBe((unknown as Error).message);
  });

  it("refuses the eleventh try within five minutes, even when all are sent at once", async () => {
    const email = "locked@shopfloor.example";
    const tries = Array.from({ length: 14 }, () => signIn({ email, password: "guess", headers: fromNobody, now }));
    const outcomes = await Promise.allSettled(tries);

    const reasons = outcomes.map((outcome) => (outcome.status === "rejected" ? outcome.reason : undefined));

    expect(reasons.filter((reason) => reason instanceof WrongCredentialsError)).toHaveLength(10);
    expect(reasons.filter((reason) => reason instanceof TooManyAttemptsError)).toHaveLength(4);
    const later = new Date(now.getTime() + 5 * 60_000);
    await expect(signIn({ email, password: "guess", headers: fromNobody, now: later })).rejects.toBeInstanceOf(
      WrongCredentialsError,
    );
  });

  it("forgets earlier tries after the right password", async () => {
    await createStaffUser({ ...grace, email: "forgetful@shopfloor.example" });
    const tryWith = (password: string) =>
      signIn({ email: "forgetful@shopfloor.example", password, headers: fromNobody, now });

    for (let i = 0; i < 9; i++) await tryWith("no").catch(() => {});
    await tryWith(grace.password);

    await expect(tryWith("no")).rejects.toBeInstanceOf(WrongCredentialsError);
    await expect(tryWith(grace.password)).resolves.toBeDefined();
  });
});

describe("a session", () => {
  it("ends for good when its owner signs out", async () => {
    const { setCookies } = await graceSignsIn();
    const headers = browserWith(setCookies);

    const cleared = await signOut({ headers });

    expect(await findActor(headers)).toEqual({ kind: "shopper" });
    expect(cleared.setCookies.join()).toMatch(/max-age=0/i);
  });

  it("with a forged token is nobody's", async () => {
    const { setCookies } = await graceSignsIn();
    const cookie = browserWith(setCookies).get("cookie") ?? "";
    const forged = cookie.replace(/=.{4}/, "=aaaa");

    expect(await findActor(new Headers({ cookie: forged }))).toEqual({ kind: "shopper" });
    expect(await findActor(fromNobody)).toEqual({ kind: "shopper" });
  });

  it("of a customer is a customer's: only staff and owners are staff", async () => {
    const ada = { email: "ada@example.com", name: "Ada", password: grace.password };
    const userId = await registerCustomer({ ...ada, now });
    await expect(registerCustomer({ ...ada, password: "another password", now })).rejects.toThrow(EmailTakenError);
    const { setCookies } = await signIn({ ...grace, email: "ada@example.com", headers: fromNobody, now });

    const actor = await findActor(browserWith(setCookies));

    expect(actor).toEqual({ kind: "customer", userId, email: ada.email, name: ada.name });
    expect(() => requireStaff(actor)).toThrow(NotAllowedError);
  });
});

describe("registering", () => {
  it("is refused to the sixty-first within a minute, whatever the addresses, and leaves nothing of it", async () => {
    const later = new Date(now.getTime() + 3_600_000);
    const tryAs = (count: number, at = later) =>
      registerCustomer({ email: `crowd-${count}@example.com`, name: "Crowd", password: "crowded house", now: at });
    // Without the hashing of sixty passwords, which takes its time.
    await tryAs(1);
    await db().rateLimit.update({ where: { key: "register" }, data: { count: 58 } });

    const outcomes = await Promise.allSettled([2, 3, 4, 5].map((count) => tryAs(count)));

    const reasons = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    expect(reasons).toEqual([expect.any(TooManyRegistrationsError), expect.any(TooManyRegistrationsError)]);
    expect(await db().user.count({ where: { email: { startsWith: "crowd-" } } })).toBe(3);
    expect(await db().rateLimit.count({ where: { key: { startsWith: "sign-in:crowd-" } } })).toBe(3);
    await expect(tryAs(6, new Date(later.getTime() + 60_000))).resolves.toBeDefined();
  });
});

describe("making a staff user", () => {
  it("of a customer's address is refused, so that nobody takes a customer for staff", async () => {
    const customer = { email: "barbara@example.com", name: "Barbara", password: grace.password };
    await registerCustomer({ ...customer, now });

    await expect(createStaffUser({ ...customer, role: "staff" })).rejects.toThrow(CustomerEmailError);

    expect(await db().user.findUnique({ where: { email: customer.email } })).toMatchObject({ role: "customer" });
  });

  it("twice is making it once, and keeps the password it has", async () => {
    const first = await createStaffUser(grace);
    const second = await createStaffUser({ ...grace, password: "another password" });

    expect(second).toBe(first);
    expect(await db().account.count({ where: { userId: first } })).toBe(1);
    await expect(graceSignsIn()).resolves.toBeDefined();
  });

  it("is not for the public: registering over better-auth is refused", async () => {
    const body = { email: "mallory@example.com", password: "let me in please", name: "Mallory", role: "owner" };

    await expect(auth().api.signUpEmail({ body })).rejects.toThrow();
    expect(await db().user.count({ where: { email: body.email } })).toBe(0);
  });
});

describe("what is typed into the sign-in form", () => {
  it("is an address in lower case without the spaces around it, and some password", () => {
    expect(SignInInput.parse({ email: "  Grace@Shopfloor.Example ", password: "x" }).email).toBe(grace.email);
    expect(SignInInput.safeParse({ email: "grace", password: "x" }).success).toBe(false);
    expect(SignInInput.safeParse({ email: grace.email, password: "" }).success).toBe(false);
  });
});
