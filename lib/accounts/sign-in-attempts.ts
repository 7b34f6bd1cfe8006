import { db } from "@/lib/db/client";
import { countAttempt } from "./count-attempt";
import { TooManyAttemptsError } from "./errors";

const windowMs = 5 * 60 * 1000;
const attemptsMax = 10;

/**
 * Counts one try to sign in to this account and refuses the eleventh within five minutes. By account: an address in a
 * header is whatever the sender likes.
 *
 * @throws TooManyAttemptsError
 */
export async function countSignInAttempt({ email, now }: { email: string; now: Date }): Promise<void> {
  const count = await countAttempt({ key: `sign-in:${email}`, windowMs, now });
  if (count > attemptsMax) throw new TooManyAttemptsError();
}

/** Forgets the tries before a sign-in that succeeded. */
export async function forgetSignInAttempts(email: string): Promise<void> {
  await db().rateLimit.deleteMany({ where: { key: `sign-in:${email}` } });
}
