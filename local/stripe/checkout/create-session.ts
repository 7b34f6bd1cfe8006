import type Stripe from "stripe";
import type { Call } from "../call";
import { newId, randomText } from "../ids";
import { assertChargeable } from "../payments/create-payment-intent";
import type { SessionPlan } from "../store";
import { invalidRequest } from "../wire";
import { createLine, type LineInput } from "./create-line";

export type ShippingInput = { displayName: string; amount: number; currency: string; metadata: Stripe.Metadata };

export type SessionInput = Pick<
  Stripe.Checkout.Session,
  | "allowed_payment_method_types"
  | "cancel_url"
  | "client_reference_id"
  | "customer"
  | "customer_creation"
  | "customer_email"
  | "locale"
  | "metadata"
  | "submit_type"
> & {
  successUrl: string;
  expiresAt: number | undefined;
  lines: LineInput[];
  shippingOptions: ShippingInput[];
  paymentIntentData: SessionPlan["paymentIntentData"];
};

/** https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-line_items */
const linesMax = 100;
const minutes = 60;
const dayMinutes = 24 * 60;

/** Opens a Checkout Session. The PaymentIntent comes into being when the shopper first tries to pay, as at Stripe. */
export function createSession(call: Call, input: SessionInput): Stripe.Checkout.Session {
  if (input.lines.length > linesMax)
    throw invalidRequest(`You can have at most ${linesMax} line items.`, { param: "line_items" });
  const currency = oneCurrency(input);
  const lineItems = input.lines.map(createLine);
  const rates = input.shippingOptions.map((option) => createRate(call, option));
  const subtotal = lineItems.reduce((sum, line) => sum + line.amount_subtotal, 0);
  const shippingAmount = input.shippingOptions[0]?.amount ?? 0;
  assertChargeable(subtotal + shippingAmount, currency);

  const id = `cs_test_a1${randomText(56)}`;
  const session: Stripe.Checkout.Session = {
    id,
    object: "checkout.session",
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: input.allowed_payment_method_types,
    amount_subtotal: subtotal,
    amount_total: subtotal + shippingAmount,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: input.cancel_url,
    client_reference_id: input.client_reference_id,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: call.now,
    currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: input.customer,
    customer_account: null,
    customer_creation: input.customer ? null : (input.customer_creation ?? "if_required"),
    customer_details: prefilledDetails(call, input),
    customer_email: input.customer_email,
    discounts: [],
    expires_at: expiry(call, input.expiresAt),
    integration_identifier: null,
    invoice: null,
    invoice_creation: {
      enabled: false,
      invoice_data: {
        account_tax_ids: null,
        custom_fields: null,
        description: null,
        footer: null,
        issuer: null,
        metadata: {},
        rendering_options: null,
      },
    },
    livemode: false,
    locale: input.locale,
    managed_payments: null,
    metadata: input.metadata,
    mode: "payment",
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: "if_required",
    payment_method_configuration_details: null,
    payment_method_options: { card: { request_three_d_secure: "automatic" } },
    payment_method_types: ["card"],
    payment_status: "unpaid",
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: rates[0] ? costOf(rates[0]) : null,
    shipping_options: rates.map((rate) => ({
      shipping_amount: rate.fixed_amount?.amount ?? 0,
      shipping_rate: rate.id,
    })),
    status: "open",
    submit_type: input.submit_type,
    subscription: null,
    success_url: input.successUrl,
    total_details: { amount_discount: 0, amount_shipping: shippingAmount, amount_tax: 0 },
    ui_mode: "hosted_page",
    url: `${call.publicUrl}/c/pay/${id}`,
    wallet_options: null,
  };
  call.store.sessions.put(id, session);
  call.store.sessionPlans.put(id, { id, lineItems, paymentIntentData: input.paymentIntentData });
  return session;
}

/** What a chosen shipping rate adds to the session. */
export function costOf(rate: Stripe.ShippingRate): Stripe.Checkout.Session.ShippingCost {
  const amount = rate.fixed_amount?.amount ?? 0;
  return { amount_subtotal: amount, amount_tax: 0, amount_total: amount, shipping_rate: rate.id };
}

function oneCurrency(input: SessionInput): string {
  const priced = [...input.lines.map(({ price }) => price), ...input.shippingOptions];
  const currencies = new Set(priced.map((part) => part.currency));
  const [currency] = currencies;
  if (currency === undefined) throw invalidRequest("You must provide at least one line item.", { param: "line_items" });
  if (currencies.size > 1) {
    throw invalidRequest("All line items and shipping options must have the same currency.", { param: "line_items" });
  }
  return currency;
}

function expiry(call: Call, asked: number | undefined): number {
  if (asked === undefined) return call.now + dayMinutes * minutes;
  if (asked < call.now + 30 * minutes) {
    throw invalidRequest("The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.", {
      param: "expires_at",
    });
  }
  if (asked > call.now + dayMinutes * minutes) {
    throw invalidRequest("The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.", {
      param: "expires_at",
    });
  }
  return asked;
}

function prefilledDetails(call: Call, input: SessionInput): Stripe.Checkout.Session.CustomerDetails | null {
  const customer = typeof input.customer === "string" ? call.store.customers.get(input.customer) : undefined;
  const email = input.customer_email ?? (customer && !customer.deleted ? customer.email : null);
  if (email === null) return null;
  return {
    address: null,
    business_name: null,
    email,
    individual_name: null,
    name: null,
    phone: null,
    tax_exempt: "none",
    tax_ids: null,
  };
}

function createRate(call: Call, option: ShippingInput): Stripe.ShippingRate {
  const rate: Stripe.ShippingRate = {
    id: newId("shr"),
    object: "shipping_rate",
    active: true,
    created: call.now,
    delivery_estimate: null,
    display_name: option.displayName,
    fixed_amount: { amount: option.amount, currency: option.currency },
    livemode: false,
    metadata: option.metadata,
    tax_behavior: "unspecified",
    tax_code: null,
    type: "fixed_amount",
  };
  call.store.shippingRates.put(rate.id, rate);
  return rate;
}
