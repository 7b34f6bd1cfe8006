import { openAt } from "@/lib/accounts/find-open-reset";
import { resetToken } from "@/lib/accounts/reset-token";
import { db } from "@/lib/db/client";
import { env } from "@/lib/env";
import type { PasswordResetId } from "@/lib/ids";
import { routes } from "@/lib/routes";
import { getStoreSettings } from "@/lib/store-settings";
import { passwordResetMail } from "./password-reset-mail";
import { type SendResult, sendOnce } from "./send-once";

/**
 * Mails the link of a reset to the account's address: once per reset, however often this is called. Null where there is
 * nobody or nothing to mail: the link would open nothing any more, or nobody has an account with that address, which is
 * then forgotten.
 *
 * @throws TemporaryError and MailRefusedError as `sendOnce`; asking again later is safe.
 */
export async function sendPasswordReset({
  passwordResetId,
  now,
}: {
  passwordResetId: PasswordResetId;
  now: Date;
}): Promise<SendResult | null> {
  const reset = await db().passwordReset.findFirst({ where: { id: passwordResetId, ...openAt(now) } });
  if (!reset) return null;
  const { email, expiresAt } = reset;
  if ((await db().user.count({ where: { email } })) === 0) {
    await db().passwordReset.deleteMany({ where: { id: passwordResetId } });
    return null;
  }
  return sendOnce({
    kind: "password-reset",
    about: { passwordResetId },
    recipients: [email],
    render: async () => {
      const { name: storeName } = await getStoreSettings();
      const resetUrl = env().STORE_URL + routes.resetPassword(resetToken(passwordResetId));
      return passwordResetMail({ storeName, resetUrl, expiresAt });
    },
    now,
  });
}
