import { idempotencyKeys, metadata, schemaTask } from "@trigger.dev/sdk";
import { z } from "zod";
import { eventFamily } from "@/lib/webhooks/event-family";
import { getStripeEvent } from "@/lib/webhooks/get-stripe-event";
import { handleStripeEvent } from "@/lib/webhooks/handle-stripe-event";
import { step } from "../_step";
import { applyBillingEventsTask } from "./apply-billing-events";
import { applyCheckoutEventsTask } from "./apply-checkout-events";
import { applyPaymentEventsTask } from "./apply-payment-events";

export const HandleStripeWebhookOutput = z.object({
  /** True when it was applied, or handed to the task that applies it; false for an event that was kept and ignored. */
  processed: z.boolean(),
  type: z.string(),
});

const children = {
  checkout: applyCheckoutEventsTask,
  billing: applyBillingEventsTask,
  payment: applyPaymentEventsTask,
};

/**
 * Sees to it that an event which the webhook route kept is applied: by the task for its kind, which works on one object
 * at a time and takes all that waits about it. It does not wait for that task: what became of the event stands with the
 * event. Run twice, the event is applied once.
 */
export const handleStripeWebhookTask = schemaTask({
  id: "handle-stripe-webhook",
  schema: z.object({ eventId: z.string().min(1).max(255) }),
  queue: { concurrencyLimit: 20 },
  run: ({ eventId }, { ctx }) =>
    step(async () => {
      metadata.set("status", "Reading what happened from Stripe.");
      const { type, objectId, status } = await getStripeEvent(eventId);
      if (status === "received" && objectId) {
        await handOn({ eventId, type, objectId, tags: ctx.run.tags });
        metadata.set("status", `Handed on ${type}.`);
        return HandleStripeWebhookOutput.parse({ processed: true, type });
      }
      const { processed } = await handleStripeEvent({ eventId, now: new Date() });
      metadata.set("status", processed ? `${type} was applied before.` : `Kept ${type}; there was nothing to do.`);
      return HandleStripeWebhookOutput.parse({ processed, type });
    }),
});

/** Long enough to outlive any outage of workers, as for what the outbox sends. */
const ttl = "14d";

/** `tags`: the event's own, so that the order's page follows the child, and the sweep finds a child that died. */
async function handOn(event: { eventId: string; type: string; objectId: string; tags: string[] }): Promise<void> {
  const { eventId, type, objectId, tags } = event;
  await children[eventFamily(type)].trigger(
    { objectId },
    {
      concurrencyKey: objectId,
      // A second try of this run finds the child of the first.
      idempotencyKey: await idempotencyKeys.create(eventId, { scope: "run" }),
      tags,
      ttl,
    },
  );
}
