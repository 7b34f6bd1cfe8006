import type { Call } from "../call";
import { emitEvent } from "../webhooks/emit-event";
import { previousOf } from "../webhooks/previous-of";
import { asEventObject, type WireSubscription } from "./objects";

/** Stores a subscription with changes and tells of them; where nothing changed, nothing is told. */
export function changeSubscription(
  call: Call,
  subscription: WireSubscription,
  changes: Partial<WireSubscription>,
): WireSubscription {
  const changed: WireSubscription = { ...subscription, ...changes };
  const previous = previousOf(subscription, changed);
  if (!previous) return subscription;
  call.store.subscriptions.put(changed.id, changed);
  emitEvent(call, {
    type: "customer.subscription.updated",
    object: asEventObject(changed),
    previous: previous as object,
  });
  return changed;
}

export function changeStatus(
  call: Call,
  subscription: WireSubscription,
  status: WireSubscription["status"],
): WireSubscription {
  return changeSubscription(call, subscription, { status });
}
