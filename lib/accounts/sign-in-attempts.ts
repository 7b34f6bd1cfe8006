import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { TooManyAttemptsError } from "./errors";

const windowMs = 5 * 60 * 1000;
const attemptsMax = 10;

/**
 * Counts one try to sign in to this account and refuses the eleventh within five minutes. Counted in one statement, so
 * that tries sent at once cannot slip through, and by account: an address in a header is whatever the sender likes.
 *
 * @throws TooManyAttemptsError
 */
export async function countSignInAttempt({ email, now }: { email: string; now: Date }): Promise<void> {
  const key = `sign-in:${email}`;
  const time = BigInt(now.getTime());
  const opened = time - BigInt(windowMs);
  const rows = await db().$queryRaw<{ count: number }[]>(Prisma.sql`
    insert into rate_limit as seen (id, key, count, last_request) values (${key}, ${key}, 1, ${time})
    on conflict (key) do update set
      count = case when seen.last_request <= ${opened} then 1 else seen.count + 1 end,
      last_request = case when seen.last_request <= ${opened} then ${time} else seen.last_request end
    returning count`);
  if ((rows[0]?.count ?? 0) > attemptsMax) throw new TooManyAttemptsError();
}

/** Forgets the tries before a sign-in that succeeded. */
export async function forgetSignInAttempts(email: string): Promise<void> {
  await db().rateLimit.deleteMany({ where: { key: `sign-in:${email}` } });
}
