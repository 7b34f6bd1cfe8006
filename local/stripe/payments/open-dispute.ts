import type Stripe from "stripe";
import type { Call } from "../call";
import { aftermathOf } from "../cards";
import { idOf, newId } from "../ids";
import { emitEvent } from "../webhooks/emit-event";
import { invalidRequest } from "../wire";
import { bookDispute } from "./balance";

const evidenceSeconds = 9 * 24 * 60 * 60;

export type DisputeInput = { reason: string; isInquiry: boolean; amount?: number };

/** Has the cardholder contest a charge that was just captured, if its card is one that does. */
export function disputeIfCardDoes(call: Call, charge: Stripe.Charge): void {
  const { dispute } = aftermathOf(call.store.cardNumbers.get(charge.payment_method ?? "") ?? "");
  if (dispute) openDispute(call, charge, dispute);
}

/**
 * Has a cardholder contest a captured charge. Its money is withdrawn at once, with a fee; an inquiry takes nothing and
 * leaves the charge refundable (https://docs.stripe.com/disputes/how-disputes-work).
 *
 * @throws ApiError 400 for a charge without money, or one that is disputed already
 */
export function openDispute(call: Call, charge: Stripe.Charge, input: DisputeInput): Stripe.Dispute {
  const left = charge.amount - charge.amount_refunded;
  if (!charge.captured || left === 0 || charge.disputed)
    throw invalidRequest(`Charge ${charge.id} cannot be disputed: it has no money left, or is disputed already.`);
  const dispute: Stripe.Dispute = {
    id: newId("du"),
    object: "dispute",
    amount: input.amount ?? left,
    balance_transactions: [],
    charge: charge.id,
    created: call.now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence,
    evidence_details: {
      due_by: call.now + evidenceSeconds,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "manual",
    },
    intended_submission_method: null,
    is_charge_refundable: input.isInquiry,
    livemode: false,
    metadata: {},
    payment_intent: idOf(charge.payment_intent),
    payment_method_details: {
      card: {
        brand: "visa",
        case_type: input.isInquiry ? "inquiry" : "chargeback",
        network: "visa",
        network_reason_code: input.reason === "product_not_received" ? "13.1" : "10.4",
      },
      type: "card",
    },
    reason: input.reason,
    status: input.isInquiry ? "warning_needs_response" : "needs_response",
  };
  const opened = input.isInquiry ? dispute : withdrawn(call, dispute);
  call.store.disputes.put(opened.id, opened);
  call.store.charges.put(charge.id, { ...charge, disputed: true });
  emitEvent(call, { type: "charge.dispute.created", object: opened });
  if (!input.isInquiry) emitEvent(call, { type: "charge.dispute.funds_withdrawn", object: opened });
  return opened;
}

/** The dispute with its money taken from the balance. */
export function withdrawn(call: Call, dispute: Stripe.Dispute): Stripe.Dispute {
  return {
    ...dispute,
    balance_transactions: [...dispute.balance_transactions, bookDispute(call, dispute, "withdrawn")],
  };
}

const noEvidence: Stripe.Dispute.Evidence = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
};
