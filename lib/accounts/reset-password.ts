import { hashPassword } from "better-auth/crypto";
import type { z } from "zod";
import { type Tx, transaction } from "@/lib/db/transaction";
import { credentialAccount } from "./credential-account";
import { ResetLinkError } from "./errors";
import { findOpenReset, openAt } from "./find-open-reset";
import type { ResetPasswordInput } from "./schema";
import { forgetSignInAttempts } from "./sign-in-attempts";

/**
 * Sets the password of the account that a mailed link is for, also where it never had one, and answers its e-mail. Whoever
 * has the link reads the mails of that address, so it is verified from then on. Ends every session of the account, closes
 * all of its links, and forgets the tries to sign in to it. However many use a link at once, one of them sets the password.
 *
 * @throws ResetLinkError where the link is not the store's, over an hour old, or closed; or its account is gone
 */
export async function resetPassword({
  token,
  password,
  now,
}: z.output<typeof ResetPasswordInput> & { now: Date }): Promise<{ email: string }> {
  const reset = await findOpenReset({ token, now });
  if (!reset) throw new ResetLinkError();
  const { id, email } = reset;
  const hash = await hashPassword(password);
  await transaction(async (tx) => {
    const userId = await lockUser(tx, email);
    const used = await tx.passwordReset.updateMany({ where: { id, ...openAt(now) }, data: { closedAt: now } });
    if (!userId || used.count === 0) throw new ResetLinkError();
    await tx.passwordReset.updateMany({ where: { email, closedAt: null }, data: { closedAt: now } });
    await tx.user.update({ where: { id: userId }, data: { emailVerified: true } });
    const account = credentialAccount({ userId, hash });
    const { providerId } = account;
    const changed = await tx.account.updateMany({ where: { userId, providerId }, data: { password: hash } });
    if (changed.count === 0) await tx.account.create({ data: account });
    await tx.session.deleteMany({ where: { userId } });
  });
  await forgetSignInAttempts(email);
  return { email };
}

/** Two links of one account follow each other, and no session is opened meanwhile: its row needs the user's. */
async function lockUser(tx: Tx, email: string): Promise<string | undefined> {
  const rows = await tx.$queryRaw<{ id: string }[]>`select id from "user" where email = ${email} for update`;
  return rows[0]?.id;
}
