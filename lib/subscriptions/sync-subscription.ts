import type { Tx } from "@/lib/db/transaction";
import type { SubscriptionAtStripe } from "@/lib/payments/read-subscription";

/** Which version of our row was there before Stripe was asked. Null where the subscription is none of ours. */
export type SubscriptionVersion = { stripeSubscriptionId: string; updatedAt: Date };

/**
 * Keeps a subscription's row in step with what Stripe said. A row that changed after `before` was read may be newer
 * than that answer: it stays, and false asks the caller to ask Stripe again. What is cancelled stays cancelled.
 */
export async function syncSubscription(
  tx: Tx,
  before: SubscriptionVersion,
  { status, currentPeriodEndAt, canceledAt }: SubscriptionAtStripe,
  now: Date,
): Promise<boolean> {
  const { stripeSubscriptionId, updatedAt } = before;
  const synced = await tx.subscription.updateMany({
    where: { stripeSubscriptionId, updatedAt, status: { not: "canceled" } },
    data: {
      status,
      ...(currentPeriodEndAt ? { currentPeriodEndAt } : {}),
      canceledAt: status === "canceled" ? (canceledAt ?? now) : null,
    },
  });
  if (synced.count === 1) return true;
  return (await tx.subscription.count({ where: { stripeSubscriptionId, status: "canceled" } })) === 1;
}
