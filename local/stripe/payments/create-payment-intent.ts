import type Stripe from "stripe";
import type { Call } from "../call";
import { newId, randomText } from "../ids";
import { emitEvent } from "../webhooks/emit-event";
import { invalidRequest } from "../wire";

export type PaymentIntentInput = {
  amount: number;
  currency: string;
  automaticPaymentMethods: boolean;
} & Partial<
  Pick<
    Stripe.PaymentIntent,
    | "allowed_payment_method_types"
    | "capture_method"
    | "confirmation_method"
    | "customer"
    | "description"
    | "metadata"
    | "payment_method"
    | "receipt_email"
    | "setup_future_usage"
    | "shipping"
    | "statement_descriptor"
    | "statement_descriptor_suffix"
    | "transfer_group"
  >
>;

/** Creates a PaymentIntent that nobody has paid yet, and its event. */
export function createPaymentIntent(call: Call, input: PaymentIntentInput): Stripe.PaymentIntent {
  const { amount, currency, automaticPaymentMethods, ...given } = input;
  assertChargeable(amount, currency);
  const id = newId("pi");
  const intent: Stripe.PaymentIntent = {
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: automaticPaymentMethods ? { allow_redirects: "always", enabled: true } : null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic_async",
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: "automatic",
    created: call.now,
    currency,
    customer: null,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: "automatic" },
    },
    payment_method_types: ["card"],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    transfer_data: null,
    transfer_group: null,
    ...given,
    status: given.payment_method ? "requires_confirmation" : "requires_payment_method",
  };
  call.store.paymentIntents.put(id, intent);
  emitEvent(call, { type: "payment_intent.created", object: intent });
  return intent;
}

/** Stripe refuses amounts too small to be worth a payment: about half a dollar, whatever the currency's decimals. */
const smallestAmount = new Map([
  ["gbp", 30],
  ["dkk", 250],
  ["nok", 300],
  ["sek", 300],
  ["huf", 17500],
  ["pln", 200],
  ["czk", 1500],
]);

/** Refuses what no card can be charged (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts). */
export function assertChargeable(amount: number, currency: string): void {
  const smallest = smallestAmount.get(currency) ?? 50;
  if (amount < smallest) {
    throw invalidRequest(`Amount must be at least ${smallest} ${currency} (in the smallest unit)`, {
      code: "amount_too_small",
      param: "amount",
    });
  }
  if (amount > 99_999_999) {
    throw invalidRequest(`Amount must be no more than 99999999 ${currency} (in the smallest unit)`, {
      code: "amount_too_large",
      param: "amount",
    });
  }
}
