import { schemaTask } from "@trigger.dev/sdk";
import { applyObjectEvents } from "@/lib/webhooks/apply-object-events";
import { AppliedEvents, ObjectInput } from "@/lib/webhooks/schema";
import { step } from "../_step";

/**
 * Applies what waits about one of Stripe's objects: a payment page that was completed or ran out of time. Triggered with the
 * object's id as its concurrency key, so one run at a time works on an object, and the next one finds done what it did.
 */
export const applyCheckoutEventsTask = schemaTask({
  id: "apply-checkout-events",
  schema: ObjectInput,
  queue: { concurrencyLimit: 1 },
  retry: { maxAttempts: 8, minTimeoutInMs: 1_000, maxTimeoutInMs: 120_000, factor: 3, randomize: true },
  run: ({ objectId }) => step(async () => AppliedEvents.parse(await applyObjectEvents({ objectId, now: new Date() }))),
});
