import { metadata, schemaTask } from "@trigger.dev/sdk";
import { z } from "zod";
import { idSchema } from "@/lib/ids";
import { sendImportNotice } from "@/lib/notifications/send-import-notice";
import { step } from "../_step";

export const ImportNotificationsOutput = z.object({
  /** False where this mail had gone out before. */
  sent: z.boolean(),
  /** Null where there is nobody or nothing to tell. */
  mailId: z.string().nullable(),
});

/**
 * Mails whoever started an import that it has ended. Run twice, it sends one mail. A mail service that is down gets half a
 * day to come back: well within the day for which Resend knows a mail by its key.
 */
export const importNotificationsTask = schemaTask({
  id: "import-notifications",
  schema: z.object({ importId: idSchema("import") }),
  queue: { concurrencyLimit: 5 },
  retry: { maxAttempts: 30, minTimeoutInMs: 1_000, maxTimeoutInMs: 1_800_000, factor: 3, randomize: true },
  run: ({ importId }) =>
    step(async () => {
      metadata.set("status", "Sending the mail about the import's end.");
      const result = await sendImportNotice({ importId, now: new Date() });
      if (!result) metadata.set("status", "There is nobody to tell.");
      else metadata.set("status", `The mail ${result.sent ? "is sent" : "had been sent before"}.`);
      const { sent = false, mailId = null } = result ?? {};
      return ImportNotificationsOutput.parse({ sent, mailId });
    }),
});
