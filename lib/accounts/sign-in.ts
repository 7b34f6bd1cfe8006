import { APIError } from "better-auth/api";
import type { z } from "zod";
import { db } from "@/lib/db/client";
import { auth } from "./auth";
import { WrongCredentialsError } from "./errors";
import type { SignInInput } from "./schema";
import { countSignInAttempt, forgetSignInAttempts } from "./sign-in-attempts";

/**
 * Opens a session and returns the `Set-Cookie` headers that carry it. A password that is set meanwhile, which ends all
 * sessions of the account, ends this one, too.
 *
 * @throws WrongCredentialsError, TooManyAttemptsError after ten tries within five minutes
 */
export async function signIn({
  email,
  password,
  headers,
  now,
}: Omit<z.output<typeof SignInInput>, "next"> & { headers: Headers; now: Date }): Promise<{ setCookies: string[] }> {
  await countSignInAttempt({ email, now });
  const before = await readHash(email);
  try {
    const answer = await auth().api.signInEmail({ body: { email, password }, headers, returnHeaders: true });
    if ((await readHash(email)) !== before) {
      await db().session.deleteMany({ where: { token: answer.response.token } });
      throw new WrongCredentialsError();
    }
    await forgetSignInAttempts(email);
    return { setCookies: answer.headers.getSetCookie() };
  } catch (error) {
    if (error instanceof APIError && error.statusCode < 500) throw new WrongCredentialsError(error);
    throw error;
  }
}

/** The password that better-auth compares with; undefined where there is none. */
async function readHash(email: string): Promise<string | null | undefined> {
  const account = await db().account.findFirst({ where: { providerId: "credential", user: { email } } });
  return account?.password;
}

/** Ends the session these headers carry, for good, and returns the `Set-Cookie` headers that clear it. May be repeated. */
export async function signOut({ headers }: { headers: Headers }): Promise<{ setCookies: string[] }> {
  const answer = await auth().api.signOut({ headers, returnHeaders: true });
  return { setCookies: answer.headers.getSetCookie() };
}
