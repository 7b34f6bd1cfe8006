import type Stripe from "stripe";
import type { Call } from "../call";
import { newId } from "../ids";

const settlesAfterSeconds = 2 * 24 * 60 * 60;

/** Books a captured charge, with its fee. Written as pending; the clock makes it available. */
export function bookCharge(call: Call, charge: Stripe.Charge, amount: number): Stripe.BalanceTransaction {
  const fee = feeOf(amount, charge.currency);
  return book(call, {
    amount,
    currency: charge.currency,
    description: charge.description,
    fee,
    fee_details: [
      {
        amount: fee,
        application: null,
        currency: charge.currency,
        description: "Stripe processing fees",
        type: "stripe_fee",
      },
    ],
    reporting_category: "charge",
    source: charge.id,
    type: "charge",
  });
}

/** Books money going back. Stripe keeps the fee of the charge. */
export function bookRefund(call: Call, refund: Stripe.Refund): Stripe.BalanceTransaction {
  return book(call, {
    amount: -refund.amount,
    currency: refund.currency,
    description: "REFUND FOR CHARGE",
    fee: 0,
    fee_details: [],
    reporting_category: "refund",
    source: refund.id,
    type: "refund",
  });
}

/** Books back what a failed refund had taken. */
export function bookFailedRefund(call: Call, refund: Stripe.Refund): Stripe.BalanceTransaction {
  return book(call, {
    amount: refund.amount,
    currency: refund.currency,
    description: "REFUND FAILURE",
    fee: 0,
    fee_details: [],
    reporting_category: "refund_failure",
    source: refund.id,
    type: "refund_failure",
  });
}

/** What a dispute costs besides its amount, whoever wins it. */
const disputeFee = 1500;

/** Books the disputed amount: away with a fee, or back without one. */
export function bookDispute(
  call: Call,
  dispute: Stripe.Dispute,
  direction: "withdrawn" | "reinstated",
): Stripe.BalanceTransaction {
  const isWithdrawn = direction === "withdrawn";
  const fee = isWithdrawn ? disputeFee : 0;
  return book(call, {
    amount: isWithdrawn ? -dispute.amount : dispute.amount,
    currency: dispute.currency,
    description: `Chargeback ${isWithdrawn ? "withdrawal" : "reversal"} for ${dispute.charge}`,
    fee,
    fee_details: isWithdrawn
      ? [{ amount: fee, application: null, currency: dispute.currency, description: "Dispute fee", type: "stripe_fee" }]
      : [],
    reporting_category: isWithdrawn ? "dispute" : "dispute_reversal",
    source: dispute.id,
    type: "adjustment",
  });
}

type Entry = Pick<
  Stripe.BalanceTransaction,
  "amount" | "currency" | "description" | "fee" | "fee_details" | "reporting_category" | "source" | "type"
>;

function book(call: Call, entry: Entry): Stripe.BalanceTransaction {
  const transaction: Stripe.BalanceTransaction = {
    id: newId("txn"),
    object: "balance_transaction",
    available_on: call.now + settlesAfterSeconds,
    balance_type: "payments",
    created: call.now,
    exchange_rate: null,
    net: entry.amount - entry.fee,
    status: "pending",
    ...entry,
  };
  call.store.balanceTransactions.put(transaction.id, transaction);
  return transaction;
}

/** 2.9 % and 30 minor units (nothing fixed where the currency has no decimals), half a unit rounded up: one plausible rate for all cards. */
function feeOf(amount: number, currency: string): number {
  const digits = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
  return Math.min(amount, Math.floor((amount * 29 + 500) / 1000) + (digits === 0 ? 0 : 30));
}
