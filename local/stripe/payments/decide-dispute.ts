import type Stripe from "stripe";
import type { Call } from "../call";
import { emitEvent } from "../webhooks/emit-event";
import { invalidRequest } from "../wire";
import { bookDispute } from "./balance";
import { withdrawn } from "./open-dispute";

/** What Stripe's test mode makes of evidence with this text (https://docs.stripe.com/testing#evidence). */
const decisive = {
  winning: "winning_evidence",
  losing: "losing_evidence",
  escalating: "escalate_inquiry_evidence",
} as const;

const isInquiry = ({ status }: Stripe.Dispute) => status.startsWith("warning_");

/**
 * Sends evidence to the bank. Some texts decide at once: won, lost, or an inquiry that becomes a dispute.
 *
 * @throws ApiError 400 once the dispute is closed
 */
export function submitEvidence(call: Call, dispute: Stripe.Dispute, text: string): Stripe.Dispute {
  requireOpen(dispute);
  const reviewed: Stripe.Dispute = {
    ...dispute,
    evidence: { ...dispute.evidence, uncategorized_text: text },
    evidence_details: {
      ...dispute.evidence_details,
      has_evidence: true,
      submission_count: dispute.evidence_details.submission_count + 1,
    },
    status: isInquiry(dispute) ? "warning_under_review" : "under_review",
  };
  if (text === decisive.escalating && isInquiry(dispute)) return escalate(call, dispute, reviewed);
  store(call, reviewed);
  emitEvent(call, { type: "charge.dispute.updated", object: reviewed, previous: { status: dispute.status } });
  if (text === decisive.winning) return close(call, reviewed, isInquiry(dispute) ? "warning_closed" : "won");
  if (text === decisive.losing && !isInquiry(dispute)) return close(call, reviewed, "lost");
  return reviewed;
}

/** Gives in: a dispute is lost, an inquiry ends. @throws ApiError 400 once it is closed */
export function acceptDispute(call: Call, dispute: Stripe.Dispute): Stripe.Dispute {
  requireOpen(dispute);
  return close(call, dispute, isInquiry(dispute) ? "warning_closed" : "lost");
}

function escalate(call: Call, before: Stripe.Dispute, reviewed: Stripe.Dispute): Stripe.Dispute {
  const escalated = withdrawn(call, { ...reviewed, is_charge_refundable: false, status: "needs_response" });
  store(call, escalated);
  emitEvent(call, { type: "charge.dispute.updated", object: escalated, previous: { status: before.status } });
  emitEvent(call, { type: "charge.dispute.funds_withdrawn", object: escalated });
  return escalated;
}

function close(call: Call, dispute: Stripe.Dispute, status: "won" | "lost" | "warning_closed"): Stripe.Dispute {
  const isWon = status === "won";
  const closed: Stripe.Dispute = {
    ...dispute,
    balance_transactions: isWon
      ? [...dispute.balance_transactions, bookDispute(call, dispute, "reinstated")]
      : dispute.balance_transactions,
    is_charge_refundable: status !== "lost",
    status,
  };
  store(call, closed);
  emitEvent(call, { type: "charge.dispute.closed", object: closed, previous: { status: dispute.status } });
  if (isWon) emitEvent(call, { type: "charge.dispute.funds_reinstated", object: closed });
  return closed;
}

function store(call: Call, dispute: Stripe.Dispute): void {
  call.store.disputes.put(dispute.id, dispute);
}

function requireOpen({ id, status }: Stripe.Dispute): void {
  if (["won", "lost", "warning_closed"].includes(status))
    throw invalidRequest(`This dispute (${id}) is already closed: it is ${status}.`);
}
