import type { z } from "zod";
import { transaction } from "@/lib/db/transaction";
import { newId, type PasswordResetId } from "@/lib/ids";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { countResetRequest } from "./count-reset-request";
import type { ForgotPasswordInput } from "./schema";

/** How long a link sets a password, from when it was asked for. */
const validMs = 60 * 60 * 1000;

/**
 * Asks for a mail with a link that sets the password of the account with this address. Nothing that is done, written or
 * answered here depends on whether there is such an account, so that neither words nor time tell: the task that sends the
 * mail finds out. Links asked for before stay good until one of them is used.
 *
 * @throws TooManyResetMailsError after five requests for one address within an hour, TooManyResetsError after three
 *   hundred of all within a minute
 */
export async function requestPasswordReset({
  email,
  now,
}: z.output<typeof ForgotPasswordInput> & { now: Date }): Promise<PasswordResetId> {
  await countResetRequest({ email, now });
  const id = newId("passwordReset");
  await transaction(async (tx) => {
    const expiresAt = new Date(now.getTime() + validMs);
    await tx.passwordReset.create({ data: { id, email, createdAt: now, expiresAt } });
    const message = { key: `password-reset:${id}:notify`, payload: { passwordResetId: id } };
    await addToOutbox(tx, "password-reset.notify", message);
  });
  return id;
}
