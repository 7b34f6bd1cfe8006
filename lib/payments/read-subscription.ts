import { z } from "zod";
import { callStripe } from "./stripe-client";
import { isMissing } from "./stripe-errors";

/** A subscription as Stripe has it now, in the states that the store tells apart. */
export type SubscriptionAtStripe = {
  stripeSubscriptionId: string;
  status: "active" | "past_due" | "canceled";
  currentPeriodEndAt: Date | null;
  canceledAt: Date | null;
};

/** The fields we read, wherever they come from: the API now, or the body of an event. */
const Subscription = z.object({
  id: z.string(),
  status: z.string(),
  canceled_at: z.int().nullish(),
  /** The period stands on the items since API version 2025-03-31. */
  items: z.object({ data: z.array(z.object({ current_period_end: z.int().nullish() })) }).nullish(),
});

/** https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses */
function toSubscription(subscription: z.output<typeof Subscription>): SubscriptionAtStripe {
  return {
    stripeSubscriptionId: subscription.id,
    status: statusOf(subscription.status),
    currentPeriodEndAt: fromSeconds(subscription.items?.data[0]?.current_period_end),
    canceledAt: fromSeconds(subscription.canceled_at),
  };
}

function statusOf(status: string): SubscriptionAtStripe["status"] {
  if (status === "active" || status === "trialing") return "active";
  return status === "canceled" || status === "incomplete_expired" ? "canceled" : "past_due";
}

function fromSeconds(seconds: number | null | undefined): Date | null {
  return seconds ? new Date(seconds * 1000) : null;
}

/** Asks Stripe how the subscription stands now; null where Stripe has no such thing (any more). */
export function readSubscription(id: string): Promise<SubscriptionAtStripe | null> {
  return callStripe(async (stripe) => {
    try {
      return toSubscription(Subscription.parse(await stripe.subscriptions.retrieve(id)));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  });
}

/** The subscription as a signed event told of its end, for what Stripe cannot show any more. */
export function subscriptionOfEvent(object: unknown): SubscriptionAtStripe | null {
  const parsed = Subscription.safeParse(object);
  return parsed.success ? toSubscription({ ...parsed.data, status: "canceled" }) : null;
}
