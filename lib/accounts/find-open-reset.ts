import { db } from "@/lib/db/client";
import type { PasswordReset, Prisma } from "@/lib/db/generated/client";
import { readResetToken } from "./reset-token";

/** The resets whose link sets a password at this moment. */
export function openAt(now: Date) {
  return { closedAt: null, expiresAt: { gt: now } } satisfies Prisma.PasswordResetWhereInput;
}

/**
 * The reset that this token opens; null where it opens none, or none any more. Looking uses nothing up: programs that
 * check mails follow their links, too.
 */
export async function findOpenReset({ token, now }: { token: string; now: Date }): Promise<PasswordReset | null> {
  const id = readResetToken(token);
  return id ? db().passwordReset.findFirst({ where: { id, ...openAt(now) } }) : null;
}
