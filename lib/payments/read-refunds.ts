import type Stripe from "stripe";
import { idSchema, type RefundId } from "@/lib/ids";
import { type Money, money } from "@/lib/money/money";
import { callStripe } from "./stripe-client";
import { isMissing } from "./stripe-errors";

/** A refund as Stripe has it now. */
export type RefundAtStripe = {
  stripeRefundId: string;
  /** Our own row, where we asked for it; null for one that was made at Stripe. */
  refundId: RefundId | null;
  state: "pending" | "succeeded" | "failed" | "canceled";
  amount: Money;
  reason: "duplicate" | "fraudulent" | "requested_by_customer" | null;
  failureReason: string | null;
};

const OurId = idSchema("refund");
const reasons = ["duplicate", "fraudulent", "requested_by_customer"] as const;

/** https://docs.stripe.com/api/refunds/object#refund_object-status */
export function toRefundAtStripe(refund: Stripe.Refund): RefundAtStripe {
  return {
    stripeRefundId: refund.id,
    refundId: OurId.safeParse(refund.metadata?.refundId).data ?? null,
    state: stateOf(refund.status),
    amount: money(refund.amount, refund.currency.toUpperCase()),
    reason: reasons.find((reason) => reason === refund.reason) ?? null,
    failureReason: refund.failure_reason ?? null,
  };
}

function stateOf(status: string | null): RefundAtStripe["state"] {
  if (status === "succeeded" || status === "failed" || status === "canceled") return status;
  return "pending"; // `requires_action` among them: the shopper or the bank has something to do
}

/** All refunds of a payment, as they stand now, oldest first. */
export function listRefunds(paymentIntentId: string): Promise<RefundAtStripe[]> {
  return callStripe(async (stripe) => {
    const refunds: RefundAtStripe[] = [];
    for await (const refund of stripe.refunds.list({ payment_intent: paymentIntentId, limit: 100 }))
      refunds.unshift(toRefundAtStripe(refund));
    return refunds;
  });
}

/** Which payment a refund, or a charge, belongs to; null where Stripe has no such thing, or it has no payment. */
export function findRefundedPayment(id: string): Promise<string | null> {
  return callStripe(async (stripe) => {
    try {
      const isCharge = id.startsWith("ch_") || id.startsWith("py_");
      const { payment_intent } = isCharge ? await stripe.charges.retrieve(id) : await stripe.refunds.retrieve(id);
      return typeof payment_intent === "string" ? payment_intent : (payment_intent?.id ?? null);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  });
}
