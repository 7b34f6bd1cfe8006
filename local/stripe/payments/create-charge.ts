import type Stripe from "stripe";
import type { Call } from "../call";
import { newId } from "../ids";

/** A card authorisation usually lasts 7 days (https://docs.stripe.com/payments/place-a-hold-on-a-payment-method). */
export const authorisationSeconds = 7 * 24 * 60 * 60;

export type Refusal = { code: string; declineCode: string | null; message: string };

type ChargeInput = {
  intent: Stripe.PaymentIntent;
  method: Stripe.PaymentMethod;
  /** Null when the card accepts. */
  refusal: Refusal | null;
  authenticated: boolean;
};

/** One attempt on a card: authorised and not yet captured, or failed. */
export function createCharge(call: Call, { intent, method, refusal, authenticated }: ChargeInput): Stripe.Charge {
  const charge: Stripe.Charge = {
    id: newId("ch"),
    object: "charge",
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: refusal ? null : (intent.statement_descriptor ?? "LOCAL STRIPE"),
    captured: false,
    created: call.now,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: refusal?.code ?? null,
    failure_message: refusal?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: outcome(refusal),
    paid: refusal === null,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { card: cardDetails(call, { intent, method, refusal, authenticated }), type: "card" },
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: intent.shipping,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: refusal ? "failed" : "succeeded",
    transfer_data: null,
    transfer_group: intent.transfer_group,
  };
  call.store.charges.put(charge.id, charge);
  return charge;
}

function outcome(refusal: Refusal | null): Stripe.Charge.Outcome {
  const common = { network_advice_code: null, risk_level: "normal", risk_score: 12 };
  if (refusal === null) {
    return {
      ...common,
      advice_code: null,
      network_decline_code: null,
      network_status: "approved_by_network",
      reason: null,
      seller_message: "Payment complete.",
      type: "authorized",
    };
  }
  return {
    ...common,
    advice_code: "try_again_later",
    network_decline_code: "01",
    network_status: "declined_by_network",
    reason: refusal.declineCode ?? refusal.code,
    seller_message: "The bank did not return any further details with this decline.",
    type: "issuer_declined",
  };
}

function cardDetails(
  call: Call,
  { intent, method, refusal, authenticated }: ChargeInput,
): Stripe.Charge.PaymentMethodDetails.Card {
  const card = method.card;
  return {
    amount_authorized: refusal ? null : intent.amount,
    authorization_code: refusal ? null : "123456",
    brand: card?.brand ?? null,
    ...(intent.capture_method === "manual" && !refusal ? { capture_before: call.now + authorisationSeconds } : {}),
    checks: {
      address_line1_check: null,
      address_postal_code_check: null,
      cvc_check: refusal?.code === "incorrect_cvc" ? "fail" : "pass",
    },
    country: card?.country ?? null,
    electronic_commerce_indicator: null,
    exp_month: card?.exp_month ?? 0,
    exp_year: card?.exp_year ?? 0,
    extended_authorization: { status: "disabled" },
    fingerprint: card?.fingerprint ?? null,
    funding: card?.funding ?? null,
    incremental_authorization: { status: "unavailable" },
    installments: null,
    last4: card?.last4 ?? null,
    mandate: null,
    multicapture: { status: "unavailable" },
    network: card?.brand ?? null,
    network_token: { used: false },
    network_transaction_id: null,
    overcapture: { maximum_amount_capturable: intent.amount, status: "unavailable" },
    regulated_status: "unregulated",
    three_d_secure: authenticated
      ? {
          authentication_flow: "challenge",
          electronic_commerce_indicator: "05",
          exemption_indicator: null,
          result: "authenticated",
          result_reason: null,
          transaction_id: null,
          version: "2.2.0",
        }
      : null,
    transaction_link_id: null,
    wallet: null,
  };
}
