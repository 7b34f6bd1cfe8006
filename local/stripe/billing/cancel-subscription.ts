import type Stripe from "stripe";
import type { Call } from "../call";
import { emitEvent } from "../webhooks/emit-event";
import { subscriptionOf } from "./invoice-states";
import { asEventObject, type WireSubscription } from "./objects";

type Reason = Stripe.Subscription.CancellationDetails.Reason;

/** Ends a subscription now, and the collection of its invoices with it: what is open stays open to be paid by hand. */
export function cancelSubscription(
  call: Call,
  subscription: WireSubscription,
  input: { reason: Reason | null; details?: Partial<Stripe.Subscription.CancellationDetails> },
): WireSubscription {
  for (const invoice of call.store.invoices.values()) {
    const isCollected = invoice.status === "draft" || invoice.status === "open";
    if (isCollected && subscriptionOf(call.store, invoice)?.id === subscription.id) {
      call.store.invoices.put(invoice.id, {
        ...invoice,
        auto_advance: false,
        automatically_finalizes_at: null,
        next_payment_attempt: null,
      });
    }
  }
  const canceled: WireSubscription = {
    ...subscription,
    canceled_at: subscription.canceled_at ?? call.now,
    cancellation_details: {
      comment: null,
      feedback: null,
      feedback_option: null,
      ...subscription.cancellation_details,
      ...input.details,
      reason: input.reason,
    },
    ended_at: call.now,
    status: "canceled",
  };
  call.store.subscriptions.put(canceled.id, canceled);
  emitEvent(call, { type: "customer.subscription.deleted", object: asEventObject(canceled) });
  return canceled;
}
