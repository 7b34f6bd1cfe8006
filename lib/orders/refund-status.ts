import type { RefundReason, RefundState } from "@/lib/db/generated/client";

/**
 * From which states a refund gets where Stripe says it is. Answers of Stripe may overtake one another, so that only steps
 * forward count: one that succeeded may fail afterwards, one that failed stays so.
 */
const reachedFrom = {
  requested: [],
  pending: ["requested"],
  succeeded: ["requested", "pending"],
  failed: ["requested", "pending", "succeeded"],
  canceled: ["requested", "pending", "succeeded"],
} as const satisfies Record<RefundState, readonly RefundState[]>;

/** The condition of the update that brings a refund into a state. */
export function refundsThatMayBecome(state: RefundState): { state: { in: RefundState[] } } {
  return { state: { in: [...reachedFrom[state]] } };
}

/** Refunds that count: their money is given back or promised. */
export const liveRefundStates = ["requested", "pending", "succeeded"] as const satisfies readonly RefundState[];

/** True for a refund that gave nothing back. */
export function isRefundOff(state: RefundState): boolean {
  return state === "failed" || state === "canceled";
}

/** Why money is given back, as the end of a sentence. */
export const refundReasonWords: Record<RefundReason, string> = {
  cancellation: "the order was cancelled",
  return: "goods came back",
  requested_by_customer: "the shopper asked for it",
  duplicate: "it was charged twice",
  fraudulent: "the payment was fraudulent",
  other: "another reason",
};
