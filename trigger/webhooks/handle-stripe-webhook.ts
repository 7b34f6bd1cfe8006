import { AbortTaskRunError, idempotencyKeys, metadata, schemaTask } from "@trigger.dev/sdk";
import { z } from "zod";
import { storeRunTag } from "@/lib/runs/tags";
import { eventFamily } from "@/lib/webhooks/event-family";
import { getStripeEvent } from "@/lib/webhooks/get-stripe-event";
import { handleStripeEvent } from "@/lib/webhooks/handle-stripe-event";
import { step } from "../_step";
import { applyBillingEventsTask } from "./apply-billing-events";
import { applyCheckoutEventsTask } from "./apply-checkout-events";
import { applyPaymentEventsTask } from "./apply-payment-events";

export const HandleStripeWebhookOutput = z.object({
  /** False for an event that was kept and ignored. */
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
 * at a time and takes all that waits about it. Run twice, the event is applied once.
 */
export const handleStripeWebhookTask = schemaTask({
  id: "handle-stripe-webhook",
  schema: z.object({ eventId: z.string().min(1).max(255) }),
  queue: { concurrencyLimit: 20 },
  run: ({ eventId }) =>
    step(async () => {
      metadata.set("status", "Reading what happened from Stripe.");
      const { type, objectId, status } = await getStripeEvent(eventId);
      if (status === "received" && objectId) await applyAll({ eventId, type, objectId });
      const { processed } = await handleStripeEvent({ eventId, now: new Date() });
      metadata.set("status", processed ? `Applied ${type}.` : `Kept ${type}; there was nothing to do.`);
      return HandleStripeWebhookOutput.parse({ processed, type });
    }),
});

/** Long enough to outlive any outage of workers, as for what the outbox sends. */
const ttl = "14d";

async function applyAll({ eventId, type, objectId }: { eventId: string; type: string; objectId: string }) {
  const child = await children[eventFamily(type)].triggerAndWait(
    { objectId },
    {
      concurrencyKey: objectId,
      // A second try of this run finds the child of the first.
      idempotencyKey: await idempotencyKeys.create(eventId, { scope: "run" }),
      tags: [storeRunTag],
      ttl,
    },
  );
  // It had its own tries; the sweep asks again.
  if (!child.ok) throw new AbortTaskRunError(`The events about ${objectId} could not be applied: ${child.error}`);
}
