import type { CustomerActor, StaffActor } from "@/lib/accounts/actor";
import { finishRemoval } from "@/lib/cards/finish-removal";
import { removeCard } from "@/lib/cards/remove-card";
import { resumeRemovals } from "@/lib/cards/resume-removals";
import { addToCart } from "@/lib/cart/add-to-cart";
import { DomainError } from "@/lib/errors";
import { fulfillOrder } from "@/lib/fulfilment/fulfill-order";
import type { CartId, OrderId, OrderLineId, RefundId, ReturnId, ReviewId, SavedCardId, VariantId } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { resumeNotices } from "@/lib/notifications/resume-notices";
import { sendNotice } from "@/lib/notifications/send-notice";
import { cancelOrder } from "@/lib/orders/cancel-order";
import { cancelOwnOrder } from "@/lib/orders/cancel-own-order";
import { approveReview, refuseReview } from "@/lib/orders/decide-review";
import { expireHolds } from "@/lib/orders/expire-holds";
import { markDelivered } from "@/lib/orders/mark-delivered";
import { markShipped } from "@/lib/orders/mark-shipped";
import { openDecision } from "@/lib/orders/open-decision";
import { placeOrder } from "@/lib/orders/place-order";
import { processOrder } from "@/lib/orders/process-order";
import { refundOrder } from "@/lib/orders/refund-order";
import { requestReturn } from "@/lib/orders/request-return";
import { resumeOrders } from "@/lib/orders/resume-orders";
import { resumeRefunds } from "@/lib/orders/resume-refunds";
import { sendRefund } from "@/lib/orders/send-refund";
import { receiveReturn, rejectReturn } from "@/lib/orders/settle-return";
import { startPayment } from "@/lib/orders/start-payment";
import { wakeReviews } from "@/lib/orders/wake-reviews";
import type { OutboxMessages } from "@/lib/outbox/messages";
import { relayOutbox } from "@/lib/outbox/relay-outbox";
import { reviveMessages } from "@/lib/outbox/revive-messages";
import { isRunOver } from "@/lib/runs/is-run-over";
import { listDeadRuns } from "@/lib/runs/list-dead-runs";
import { applyObjectEvents } from "@/lib/webhooks/apply-object-events";
import { getStripeEvent } from "@/lib/webhooks/get-stripe-event";
import { handleStripeEvent } from "@/lib/webhooks/handle-stripe-event";
import { receiveStripeEvent } from "@/lib/webhooks/receive-stripe-event";
import { resumeEvents } from "@/lib/webhooks/resume-events";

const grace: StaffActor = { kind: "staff", userId: "user_grace", role: "staff", email: "grace@shopfloor.example" };
const ada = {
  email: "ada@example.com",
  shipTo: {
    name: "Ada Lovelace",
    line1: "12 St James's Square",
    city: "London",
    postalCode: "SW1Y 4JH",
    country: "GB",
  },
};

type Own = { orderId: OrderId; accessToken: string };
type Pieces = { orderLineId: OrderLineId; quantity: number }[];
type Event = { id: string; type: string; created: number; data: { object: { id: string } } };

/** What a process of the store is asked to do: by a shopper, by staff, by Stripe, by the task platform or its clock. */
const work = {
  fillCart: ({ variantId, quantity }: { variantId: VariantId; quantity: number }) => addToCart({ variantId, quantity }),
  place: (asked: { cartId: CartId }, now: Date) => placeOrder({ ...asked, input: ada, now }),
  placeWithCard: ({ cardId, ...asked }: { cartId: CartId; customer: CustomerActor; cardId: SavedCardId }, now: Date) =>
    placeOrder({ ...asked, input: { ...ada, savedCardId: cardId }, now }),
  placeKeepingCard: (asked: { cartId: CartId; customer: CustomerActor }, now: Date) =>
    placeOrder({ ...asked, input: { ...ada, keepCard: true }, now }),
  removeCard: ({ customer, cardId }: { customer: CustomerActor; cardId: SavedCardId }) =>
    removeCard({ actor: customer, cardId }),
  startPayment: (asked: Own, now: Date) => startPayment({ ...asked, now }),
  cancelOwn: (asked: Own, now: Date) => cancelOwnOrder({ ...asked, now }),

  cancel: (asked: { orderId: OrderId }, now: Date) => cancelOrder({ actor: grace, ...asked, now }),
  ship: (asked: { orderId: OrderId }, now: Date) => markShipped({ actor: grace, ...asked, now }),
  deliver: (asked: { orderId: OrderId }, now: Date) => markDelivered({ actor: grace, ...asked, now }),
  approve: (asked: { orderId: OrderId; reviewId: ReviewId }, now: Date) =>
    approveReview({ actor: grace, ...asked, now }),
  refuse: (asked: { orderId: OrderId; reviewId: ReviewId }, now: Date) =>
    refuseReview({ actor: grace, ...asked, reason: "It looks odd.", now }),
  refundAll: ({ orderId }: { orderId: OrderId }, now: Date) =>
    refundOrder({ actor: grace, orderId, wish: { kind: "rest" }, reason: "requested_by_customer", now }),
  refundAmount: ({ orderId, amount }: { orderId: OrderId; amount: number }, now: Date) =>
    refundOrder({
      actor: grace,
      orderId,
      wish: { kind: "amount", amount: money(amount, "EUR") },
      reason: "requested_by_customer",
      now,
    }),
  requestReturn: (asked: { orderId: OrderId; lines: Pieces }, now: Date) =>
    requestReturn({ actor: grace, ...asked, reason: "Too large.", now }),
  receiveReturn: ({ returnId, lines }: { returnId: ReturnId; lines: Pieces }, now: Date) =>
    receiveReturn({
      actor: grace,
      returnId,
      lines: lines.map(({ orderLineId, quantity }) => ({ orderLineId, received: quantity, restocked: quantity })),
      now,
    }),
  rejectReturn: (asked: { returnId: ReturnId }, now: Date) => rejectReturn({ actor: grace, ...asked, now }),

  receive: ({ event }: { event: Event }) =>
    receiveStripeEvent({
      id: event.id,
      type: event.type,
      objectId: event.data.object.id,
      createdAt: new Date(event.created * 1000),
      payload: event,
    }),

  "handle-stripe-webhook": async ({ eventId }: { eventId: string }, now: Date) => {
    const { objectId, status } = await getStripeEvent(eventId);
    if (status === "received" && objectId) await applyObjectEvents({ objectId, now });
    return handleStripeEvent({ eventId, now });
  },
  "process-order": (asked: { orderId: OrderId }, now: Date) => processOrder({ ...asked, now }),
  "refund-order": (asked: { refundId: RefundId }, now: Date) => sendRefund({ ...asked, now }),
  "remove-saved-card": (asked: { cardId: SavedCardId }) => finishRemoval(asked),
  "order-notifications": (asked: OutboxMessages["order.notify"], now: Date) => sendNotice({ ...asked, now }),
  "fulfill-order": async (asked: { orderId: OrderId }, now: Date) => {
    for (;;) {
      const fulfilled = await fulfillOrder({ ...asked, now });
      if (fulfilled.outcome !== "waiting") return fulfilled;
      const waitsFor = await openDecision({ ...asked, reviewId: fulfilled.reviewId });
      if (waitsFor !== null) return { waitsFor };
    }
  },

  relay: async (_: object, now: Date) => reviveMessages({ runs: await listDeadRuns({ now }), now }),
  expireHolds: (_: object, now: Date) => expireHolds({ now }),
  resume: async (_: object, now: Date) => {
    await resumeOrders({ isRunOver, now });
    await resumeRefunds({ isRunOver, now });
    await resumeEvents({ isRunOver, now });
    await resumeNotices({ isRunOver, now });
    await resumeRemovals({ isRunOver, now });
    await wakeReviews({ now });
  },
};

export type StepName = keyof typeof work;
export type StepInput<Name extends StepName> = Parameters<(typeof work)[Name]>[0];
export type StepOutput<Name extends StepName> = Awaited<ReturnType<(typeof work)[Name]>>;

export function isStep(name: string): name is StepName {
  return name in work;
}

/** `refused`: the store said no, or not now. */
export type StepEnd = { value: unknown } | { refused: string; isFinal: boolean };

/**
 * One request, run or sweep from its first line to its last, as the edges do it: what it put into the outbox is sent
 * afterwards, whether it succeeded or not. `clockMs` is how far the store's clock is ahead.
 */
export async function runStep(name: StepName, input: unknown, clockMs: number): Promise<StepEnd> {
  const now = () => new Date(Date.now() + clockMs);
  try {
    const step = work[name] as (input: unknown, now: Date) => unknown;
    // Undefined would be lost on its way from a process to its parent.
    return { value: (await step(input, now())) ?? null };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { refused: `${error.name}: ${error.message}`, isFinal: error instanceof DomainError };
  } finally {
    await relayOutbox({ now: now() });
  }
}
