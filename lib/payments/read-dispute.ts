import type Stripe from "stripe";
import { type Money, money } from "@/lib/money/money";
import { callStripe } from "./stripe-client";
import { isMissing } from "./stripe-errors";

/** A dispute as Stripe has it now. */
export type DisputeAtStripe = {
  stripeDisputeId: string;
  paymentIntentId: string | null;
  /** Stripe's words. */
  status: string;
  reason: string;
  isClosed: boolean;
  amount: Money;
  /** What Stripe has taken for it and not given back, without its fee. */
  amountWithdrawn: number;
  /** Refunds of the charge are refused: not while it is only an inquiry. */
  blocksRefunds: boolean;
  evidenceDueAt: Date | null;
  openedAt: Date;
};

/** https://docs.stripe.com/api/disputes/object#dispute_object-status */
const closedStatuses: readonly string[] = ["won", "lost", "warning_closed", "prevented"];

export function toDisputeAtStripe(dispute: Stripe.Dispute): DisputeAtStripe {
  const { payment_intent: payment, evidence_details: evidence } = dispute;
  return {
    stripeDisputeId: dispute.id,
    paymentIntentId: typeof payment === "string" ? payment : (payment?.id ?? null),
    status: dispute.status,
    reason: dispute.reason,
    isClosed: closedStatuses.includes(dispute.status),
    amount: money(dispute.amount, dispute.currency.toUpperCase()),
    amountWithdrawn: amountWithdrawn(dispute),
    blocksRefunds: !dispute.is_charge_refundable,
    evidenceDueAt: evidence.due_by ? new Date(evidence.due_by * 1000) : null,
    openedAt: new Date(dispute.created * 1000),
  };
}

/** Bookings are in the currency of the balance, which need not be the charge's: then all of it is gone, or nothing. */
function amountWithdrawn({ balance_transactions: booked, amount, currency }: Stripe.Dispute): number {
  const net = booked.reduce((sum, booking) => sum + booking.amount, 0);
  if (net >= 0) return 0;
  return booked.every((booking) => booking.currency === currency) ? -net : amount;
}

/** Asks Stripe how the dispute stands now; null where Stripe has no such thing. */
export function readDispute(id: string): Promise<DisputeAtStripe | null> {
  return callStripe(async (stripe) => {
    try {
      return toDisputeAtStripe(await stripe.disputes.retrieve(id));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  });
}
