import type { Call } from "../call";
import { idOf } from "../ids";
import { draftInvoice } from "./draft-invoice";
import { subscriptionLines } from "./invoice-lines";
import type { WireInvoice, WireSubscription } from "./objects";

type Input = {
  billing_reason: "subscription_create" | "subscription_cycle" | "subscription_update";
  /** The period that ended, in which extras may have been asked for; null where the subscription begins. */
  ended: { start: number; end: number } | null;
};

/** The draft of an invoice for the period a subscription is in. It advances by itself, except for one that is unpaid. */
export function billPeriod(call: Call, subscription: WireSubscription, { billing_reason, ended }: Input): WireInvoice {
  const customer = call.store.customers.get(idOf(subscription.customer) ?? "");
  if (!customer || customer.deleted) throw new Error(`${subscription.id} is alive and its customer is not.`);
  return draftInvoice(call, {
    auto_advance: subscription.status !== "unpaid",
    billing_reason,
    currency: subscription.currency,
    customer,
    description: subscription.description,
    lines: subscriptionLines(call, subscription),
    parent: {
      quote_details: null,
      subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
      type: "subscription_details",
    },
    ...(ended ? { period_start: ended.start, period_end: ended.end } : {}),
  });
}
