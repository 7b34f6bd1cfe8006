import type Stripe from "stripe";
import type { Call } from "../call";
import { newId } from "../ids";
import { apiVersion } from "../wire";

type EventInput = {
  type: Stripe.Event.Type;
  object: Stripe.Event.Data.Object;
  previous?: Stripe.Event.Data.PreviousAttributes;
  /** Instead of a fresh one. */
  id?: string;
};

/** Records an event and puts it in the queue of the webhook endpoint. Both are written when the call commits. */
export function emitEvent(call: Call, input: EventInput): Stripe.EventBase {
  const event: Stripe.EventBase = {
    id: input.id ?? newId("evt"),
    object: "event",
    api_version: apiVersion,
    created: call.now,
    data: { object: input.object, ...(input.previous ? { previous_attributes: input.previous } : {}) },
    livemode: false,
    pending_webhooks: call.hasWebhook ? 1 : 0,
    request: { id: call.requestId, idempotency_key: call.idempotencyKey },
    type: input.type,
  };
  call.store.events.put(event.id, event);
  if (call.hasWebhook) queueDelivery(call, event.id);
  return event;
}

/** Sends an event (again). */
export function queueDelivery(call: Pick<Call, "store">, eventId: string): void {
  const id = newId("dlv");
  call.store.deliveries.put(id, { id, eventId, attempts: [], nextAt: Date.now() });
}
