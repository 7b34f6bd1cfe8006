import type { OrderId, RefundId } from "@/lib/ids";
import type { Money } from "@/lib/money/money";
import { idempotencyKey } from "./idempotency-key";
import { type RefundAtStripe, toRefundAtStripe } from "./read-refunds";
import { callStripe } from "./stripe-client";
import { refundRefusalOf } from "./stripe-errors";

/** `refused`: Stripe will not do it, now or later, and nothing was given back. */
export type RefundSent = { kind: "sent"; refund: RefundAtStripe } | { kind: "refused"; reason: string };

/**
 * Asks Stripe to give money of a payment back, at most once per `refundId`. Our id goes with it, so that a refund whose
 * answer was lost is found again (`listRefunds`), which the caller has done before.
 *
 * @throws TemporaryError when it is not known what happened: look again, then send again.
 */
export async function refundPayment(asked: {
  refundId: RefundId;
  orderId: OrderId;
  paymentIntentId: string;
  amount: Money;
  reason: "duplicate" | "fraudulent" | "requested_by_customer" | null;
  attempt: number;
}): Promise<RefundSent> {
  const { refundId, orderId, paymentIntentId, amount, reason, attempt } = asked;
  return callStripe(async (stripe) => {
    try {
      const refund = await stripe.refunds.create(
        {
          payment_intent: paymentIntentId,
          amount: amount.amount,
          ...(reason ? { reason } : {}),
          metadata: { orderId, refundId },
        },
        { idempotencyKey: idempotencyKey(refundId, "refund", attempt) },
      );
      return { kind: "sent", refund: toRefundAtStripe(refund) };
    } catch (error) {
      const reason = refundRefusalOf(error);
      if (reason === undefined) throw error;
      return { kind: "refused", reason };
    }
  });
}
