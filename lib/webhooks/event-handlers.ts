import { onCheckoutCompleted, onCheckoutExpired } from "./checkout-events";
import { onDispute } from "./dispute-events";
import type { EventHandler } from "./event-handler";
import { onRefund } from "./refund-events";
import { onInvoice, onSubscriptionEnded, onSubscriptionUpdated } from "./subscription-events";

/** The only place that knows which events do something. */
const handlers: Readonly<Record<string, EventHandler>> = {
  "checkout.session.completed": onCheckoutCompleted,
  "checkout.session.expired": onCheckoutExpired,
  "invoice.payment_succeeded": onInvoice,
  "invoice.paid": onInvoice,
  "invoice.payment_failed": onInvoice,
  "refund.created": onRefund,
  "refund.updated": onRefund,
  "refund.failed": onRefund,
  "charge.refunded": onRefund,
  "charge.dispute.created": onDispute,
  "charge.dispute.updated": onDispute,
  "charge.dispute.closed": onDispute,
  "charge.dispute.funds_withdrawn": onDispute,
  "charge.dispute.funds_reinstated": onDispute,
  "customer.subscription.updated": onSubscriptionUpdated,
  "customer.subscription.deleted": onSubscriptionEnded,
};

/** The types that something is done for. */
export const handledEventTypes: readonly string[] = Object.keys(handlers);

/** What does an event's work; undefined for types that the store does nothing with. */
export function findEventHandler(type: string): EventHandler | undefined {
  return Object.hasOwn(handlers, type) ? handlers[type] : undefined;
}
