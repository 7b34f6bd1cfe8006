import { metadata, schemaTask } from "@trigger.dev/sdk";
import { z } from "zod";
import { idSchema } from "@/lib/ids";
import { sendNotice } from "@/lib/notifications/send-notice";
import { orderNotices, staffNotices } from "@/lib/outbox/messages";
import { step } from "../_step";

export const OrderNotificationsOutput = z.object({
  /** False where this mail had gone out before. */
  sent: z.boolean(),
  /** Null where there is nobody to tell: a store without staff. */
  mailId: z.string().nullable(),
  recipient: z.enum(["shopper", "staff"]),
});

/**
 * Mails the shopper, or staff, one notice about an order. Run twice, it sends one mail. A mail service that is down gets half a day
 * to come back: well within the day for which Resend knows a mail by its key.
 */
export const orderNotificationsTask = schemaTask({
  id: "order-notifications",
  schema: z.object({
    orderId: idSchema("order"),
    notice: z.enum([...orderNotices, ...staffNotices]),
    /** Which refund, return or dispute of the order it is about, where it can have several. */
    subject: z.string().max(100).optional(),
  }),
  queue: { concurrencyLimit: 5 },
  retry: { maxAttempts: 30, minTimeoutInMs: 1_000, maxTimeoutInMs: 1_800_000, factor: 3, randomize: true },
  run: (asked) =>
    step(async () => {
      const { notice } = asked;
      metadata.set("status", `Sending the ${notice} mail.`);
      const { recipient, result } = await sendNotice({ ...asked, now: new Date() });
      if (!result) metadata.set("status", `There is nobody to tell of ${notice}.`);
      else metadata.set("status", `The ${notice} mail ${result.sent ? "is sent" : "had been sent before"}.`);
      const { sent = false, mailId = null } = result ?? {};
      return OrderNotificationsOutput.parse({ sent, mailId, recipient });
    }),
});
