import type Stripe from "stripe";
import type { Call } from "../call";
import { idOf, newId, randomText } from "../ids";
import { emitEvent } from "../webhooks/emit-event";
import { invalidRequest } from "../wire";
import { refundsOf } from "./async-refunds";
import { bookRefund } from "./balance";

export type RefundInput = {
  /** All that is left when not given. */
  amount: number | undefined;
  reason: Stripe.Refund.Reason | null;
  metadata: Stripe.Metadata;
};

/**
 * Gives money of a captured charge back, in one or several parts, never more than was captured. Some cards make it
 * `pending` first (https://docs.stripe.com/testing#refunds).
 *
 * @throws ApiError `charge_already_refunded` when nothing is left, `charge_disputed` while a dispute has the money, 400 on
 *   `amount` beyond what is left
 */
export function refundCharge(call: Call, charge: Stripe.Charge, input: RefundInput): Stripe.Refund {
  if (charge.refunded) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, { code: "charge_already_refunded" });
  }
  if (call.store.disputes.values().some((one) => one.charge === charge.id && !one.is_charge_refundable)) {
    throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: "charge_disputed",
    });
  }
  const left = charge.amount - charge.amount_refunded;
  const amount = input.amount ?? left;
  if (amount > left) {
    throw invalidRequest(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, {
      param: "amount",
    });
  }

  const refund: Stripe.Refund = {
    id: newId("re"),
    object: "refund",
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: call.now,
    currency: charge.currency,
    customer: null,
    customer_account: null,
    destination_details: {
      card: {
        reference: randomText(16),
        reference_status: "available",
        reference_type: "acquirer_reference_number",
        type: "refund",
      },
      type: "card",
    },
    metadata: input.metadata,
    payment_intent: idOf(charge.payment_intent),
    payment_method: charge.payment_method,
    reason: input.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    ...(refundsOf(call, charge) === "pending"
      ? { status: "pending", pending_reason: "processing" }
      : { status: "succeeded" }),
    transfer_reversal: null,
  };
  const booked: Stripe.Refund = { ...refund, balance_transaction: bookRefund(call, refund).id };
  call.store.refunds.put(booked.id, booked);

  const refunded: Stripe.Charge = {
    ...charge,
    amount_refunded: charge.amount_refunded + amount,
    refunded: charge.amount_refunded + amount === charge.amount,
  };
  call.store.charges.put(charge.id, refunded);
  emitEvent(call, { type: "refund.created", object: booked });
  emitEvent(call, {
    type: "charge.refunded",
    object: refunded,
    previous: { amount_refunded: charge.amount_refunded, ...(refunded.refunded ? { refunded: false } : {}) },
  });
  return booked;
}
