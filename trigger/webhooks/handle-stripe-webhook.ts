import { metadata, schemaTask } from "@trigger.dev/sdk";
import { z } from "zod";
import { handleStripeEvent } from "@/lib/webhooks/handle-stripe-event";
import { step } from "../_step";

export const HandleStripeWebhookOutput = z.object({
  /** False for an event that was kept and ignored. */
  processed: z.boolean(),
  type: z.string(),
});

/** Applies an event that Stripe sent and the webhook route kept. Run twice, it is applied once. */
export const handleStripeWebhookTask = schemaTask({
  id: "handle-stripe-webhook",
  schema: z.object({ eventId: z.string().min(1).max(255) }),
  queue: { concurrencyLimit: 10 },
  retry: { maxAttempts: 8, minTimeoutInMs: 1_000, maxTimeoutInMs: 120_000, factor: 3, randomize: true },
  run: ({ eventId }) =>
    step(async () => {
      metadata.set("status", "Reading what happened from Stripe.");
      const { processed, type } = await handleStripeEvent({ eventId, now: new Date() });
      metadata.set("status", processed ? `Applied ${type}.` : `Kept ${type}; there was nothing to do.`);
      return HandleStripeWebhookOutput.parse({ processed, type });
    }),
});
