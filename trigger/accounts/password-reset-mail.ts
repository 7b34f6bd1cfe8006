import { metadata, schemaTask } from "@trigger.dev/sdk";
import { z } from "zod";
import { idSchema } from "@/lib/ids";
import { sendPasswordReset } from "@/lib/notifications/send-password-reset";
import { step } from "../_step";

export const PasswordResetMailOutput = z.object({
  /** False where this mail had gone out before. */
  sent: z.boolean(),
  /** Null where there is nobody or nothing to mail. */
  mailId: z.string().nullable(),
});

/**
 * Mails a link that sets a password, made from the payload's id and the store's secret: nothing that a run shows opens
 * anything. Run twice, it sends one mail. A mail service that is down gets an hour to come back, as long as the link lasts.
 */
export const passwordResetMailTask = schemaTask({
  id: "password-reset-mail",
  schema: z.object({ passwordResetId: idSchema("passwordReset") }),
  queue: { concurrencyLimit: 5 },
  retry: { maxAttempts: 20, minTimeoutInMs: 1_000, maxTimeoutInMs: 300_000, factor: 2, randomize: true },
  run: ({ passwordResetId }) =>
    step(async () => {
      metadata.set("status", "Sending the link that sets a password.");
      const result = await sendPasswordReset({ passwordResetId, now: new Date() });
      if (!result) metadata.set("status", "There is nobody or nothing to mail.");
      else metadata.set("status", `The mail ${result.sent ? "is sent" : "had been sent before"}.`);
      const { sent = false, mailId = null } = result ?? {};
      return PasswordResetMailOutput.parse({ sent, mailId });
    }),
});
