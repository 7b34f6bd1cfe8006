import { metadata, schemaTask } from "@trigger.dev/sdk";
import { z } from "zod";
import { idSchema } from "@/lib/ids";
import { sendOrderNotice } from "@/lib/notifications/send-order-notice";
import { orderNotices } from "@/lib/outbox/messages";
import { step } from "../_step";

export const OrderNotificationsOutput = z.object({
  /** False where this mail had gone out before. */
  sent: z.boolean(),
  mailId: z.string(),
  recipient: z.literal("shopper"),
});

/**
 * Mails the shopper one notice about an order. Run twice, it sends one mail. A mail service that is down gets half a day
 * to come back: well within the day for which Resend knows a mail by its key.
 */
export const orderNotificationsTask = schemaTask({
  id: "order-notifications",
  schema: z.object({ orderId: idSchema("order"), notice: z.enum(orderNotices) }),
  queue: { concurrencyLimit: 5 },
  retry: { maxAttempts: 30, minTimeoutInMs: 1_000, maxTimeoutInMs: 1_800_000, factor: 3, randomize: true },
  run: ({ orderId, notice }) =>
    step(async () => {
      metadata.set("status", `Sending the ${notice} mail.`);
      const { sent, mailId } = await sendOrderNotice({ orderId, notice, now: new Date() });
      metadata.set("status", sent ? `The ${notice} mail is sent.` : `The ${notice} mail had been sent before.`);
      return OrderNotificationsOutput.parse({ sent, mailId, recipient: "shopper" });
    }),
});
