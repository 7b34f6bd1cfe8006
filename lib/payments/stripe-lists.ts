import Stripe from "stripe";
import { idSchema, type OrderId, type PaymentId } from "@/lib/ids";
import { type DisputeAtStripe, toDisputeAtStripe } from "./read-dispute";
import { type PaymentAtStripe, toPaymentAtStripe } from "./read-payment";
import { type RefundAtStripe, toRefundAtStripe } from "./read-refunds";
import { callStripe } from "./stripe-client";
import { type StripeEventMessage, toEventMessage } from "./stripe-event-message";

/** `since`: nothing that came to be before it. `after`: what follows on this object, which is older. */
export type ListPosition = { since: Date | null; after: string | null };
/** `gone`: Stripe does not know the object any more that was to be followed on. */
export type ListPage<Item> = { kind: "page"; items: Listed<Item>[]; hasMore: boolean } | { kind: "gone" };
export type Listed<Item> = { id: string; createdAt: Date; item: Item };

/** A payment as a list shows it: what it was made for, where it says so. */
export type ListedPayment = PaymentAtStripe & { orderId: OrderId | null; paymentId: PaymentId | null };
export type ListedRefund = RefundAtStripe & { paymentIntentId: string | null };

const OfOrder = idSchema("order");
const OfPayment = idSchema("payment");

/** What Stripe did, as it tells webhooks; it lists the last 30 days. https://docs.stripe.com/webhooks/process-undelivered-events */
export function listStripeEvents(types: readonly string[], at: ListPosition): Promise<ListPage<StripeEventMessage>> {
  return page(at, (stripe, params) => stripe.events.list({ types: [...types], ...params }), plainEvent);
}

export function listStripePayments(at: ListPosition): Promise<ListPage<ListedPayment>> {
  return page(
    at,
    (stripe, params) => stripe.paymentIntents.list(params),
    (intent) => ({
      ...toPaymentAtStripe(intent),
      orderId: OfOrder.safeParse(intent.metadata.orderId).data ?? null,
      paymentId: OfPayment.safeParse(intent.metadata.paymentId).data ?? null,
    }),
  );
}

export function listStripeRefunds(at: ListPosition): Promise<ListPage<ListedRefund>> {
  return page(
    at,
    (stripe, params) => stripe.refunds.list(params),
    (refund) => ({ ...toRefundAtStripe(refund), paymentIntentId: idOf(refund.payment_intent) }),
  );
}

export function listStripeDisputes(at: ListPosition): Promise<ListPage<DisputeAtStripe>> {
  return page(at, (stripe, params) => stripe.disputes.list(params), toDisputeAtStripe);
}

/** As a webhook's body would be: the client makes objects of its own of some values. */
function plainEvent(event: Stripe.Event): StripeEventMessage {
  return toEventMessage(JSON.parse(JSON.stringify(event)));
}

type Params = { limit: number; created?: { gte: number }; starting_after?: string };

function page<Found extends { id: string; created: number }, Item>(
  { since, after }: ListPosition,
  list: (stripe: Stripe, params: Params) => PromiseLike<Stripe.ApiList<Found>>,
  toItem: (found: Found) => Item,
): Promise<ListPage<Item>> {
  const params: Params = {
    limit: 100,
    ...(since && { created: { gte: Math.floor(since.getTime() / 1000) } }),
    ...(after && { starting_after: after }),
  };
  return callStripe(async (stripe) => {
    try {
      const { data, has_more: hasMore } = await list(stripe, params);
      const items = data.map((found) => ({
        id: found.id,
        createdAt: new Date(found.created * 1000),
        item: toItem(found),
      }));
      return { kind: "page", items, hasMore };
    } catch (error) {
      if (after && isUnknownCursor(error)) return { kind: "gone" };
      throw error;
    }
  });
}

function isUnknownCursor(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.param === "starting_after";
}

function idOf(reference: string | { id: string } | null): string | null {
  return typeof reference === "string" ? reference : (reference?.id ?? null);
}
