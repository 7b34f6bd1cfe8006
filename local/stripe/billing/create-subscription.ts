import type Stripe from "stripe";
import type { Call } from "../call";
import { newId } from "../ids";
import type { PaymentAttempt } from "../payments/attempt-payment";
import { emitEvent } from "../webhooks/emit-event";
import { ApiError, invalidRequest } from "../wire";
import { billPeriod } from "./bill-period";
import { chargeInvoice, findOwnMethod } from "./collect-invoice";
import { finalizeInvoice } from "./finalize-invoice";
import { inlineList } from "./invoice-lines";
import { nextPeriodEnd } from "./next-period-end";
import { asEventObject, type WireInvoice, type WireSubscription } from "./objects";
import { type AskedPrice, assertAlike, createItem, priceOf } from "./subscription-items";
import { warnOfTrialEnd } from "./trials";

export type SubscriptionInput = {
  customer: Stripe.Customer;
  items: (AskedPrice & { quantity?: number; metadata?: Record<string, string> | null })[];
  paymentBehavior: "allow_incomplete" | "default_incomplete" | "error_if_incomplete";
  /** Whether the card that pays becomes the subscription's own. */
  savesMethod: "off" | "on_subscription";
  /** Null for no trial. */
  trialEnd: number | null;
} & Pick<
  WireSubscription,
  "cancel_at_period_end" | "default_payment_method" | "description" | "metadata" | "trial_settings"
>;

/**
 * Begins a subscription, with its first invoice and the payment of that
 * (https://docs.stripe.com/billing/subscriptions/overview#subscription-lifecycle).
 *
 * @throws ApiError 400 where nothing can pay for it; 402 with `error_if_incomplete`, when nothing is kept
 */
export function createSubscription(call: Call, input: SubscriptionInput): WireSubscription {
  const fresh = compose(call, input);
  const isTrial = fresh.status === "trialing";
  const { items } = fresh;
  const isFree = items.data.every(({ price, quantity }) => (price.unit_amount ?? 0) * (quantity ?? 1) === 0);
  const canPay = findOwnMethod(call, fresh) !== undefined;
  if (!isTrial && !isFree && !canPay && input.paymentBehavior !== "default_incomplete") throw nothingToPayWith();

  // Told first, as it comes out in the end: a subscription whose first payment succeeds never was incomplete.
  const created = emitEvent(call, { type: "customer.subscription.created", object: asEventObject(fresh) });
  const draft = billPeriod(call, fresh, { billing_reason: "subscription_create", ended: null });
  const first = payFirst(call, finalizeInvoice(call, draft), fresh, input);

  const status = isTrial ? "trialing" : first.status === "paid" ? "active" : "incomplete";
  const paidWith = status === "active" && input.savesMethod === "on_subscription" ? findOwnMethod(call, fresh) : null;
  const subscription: WireSubscription = {
    ...fresh,
    default_payment_method: paidWith?.id ?? fresh.default_payment_method,
    latest_invoice: first.id,
    status,
  };
  call.store.subscriptions.put(subscription.id, subscription);
  call.store.events.put(created.id, { ...created, data: { object: asEventObject(subscription) } });
  if (isTrial) warnOfTrialEnd(call, subscription);
  return subscription;
}

function payFirst(
  call: Call,
  first: WireInvoice,
  subscription: WireSubscription,
  input: SubscriptionInput,
): WireInvoice {
  if (first.status === "paid" || input.paymentBehavior === "default_incomplete") return first;
  const method = findOwnMethod(call, subscription);
  if (!method) throw nothingToPayWith();
  call.store.invoices.put(first.id, { ...first, attempt_count: 1 });
  const attempt = chargeInvoice(call, first, method);
  if (input.paymentBehavior === "error_if_incomplete" && attempt.outcome !== "paid") throw unpaid(attempt);
  return call.store.invoices.get(first.id) ?? first;
}

function compose(call: Call, input: SubscriptionInput): WireSubscription {
  const id = newId("sub");
  const prices = input.items.map((item, index) => priceOf(call, item, `items[${index}]`));
  const [first] = prices;
  if (!first?.recurring) throw invalidRequest("A subscription needs at least one item.", { param: "items" });
  const isTrial = input.trialEnd !== null;
  const anchor = input.trialEnd ?? call.now;
  const period = { start: call.now, end: input.trialEnd ?? nextPeriodEnd(anchor, first.recurring, call.now) };
  const items = input.items.flatMap(({ quantity, metadata }, index) => {
    const price = prices[index];
    return price ? createItem(call, { subscription: id, price, quantity, metadata, period }) : [];
  });
  assertAlike(items);
  return {
    id,
    object: "subscription",
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: anchor,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: "included" }, type: "flexible" },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: input.cancel_at_period_end ? period.end : null,
    cancel_at_period_end: input.cancel_at_period_end,
    canceled_at: input.cancel_at_period_end ? call.now : null,
    cancellation_details: {
      comment: null,
      feedback: null,
      feedback_option: null,
      reason: input.cancel_at_period_end ? "cancellation_requested" : null,
    },
    collection_method: "charge_automatically",
    created: call.now,
    currency: first.currency,
    customer: input.customer.id,
    customer_account: null,
    days_until_due: null,
    default_payment_method: input.default_payment_method,
    default_source: null,
    default_tax_rates: [],
    description: input.description,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: "self" },
    },
    items: inlineList(`/v1/subscription_items?subscription=${id}`, items),
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    metadata: input.metadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: input.savesMethod,
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: call.now,
    status: isTrial ? "trialing" : "incomplete",
    test_clock: null,
    transfer_data: null,
    trial_end: input.trialEnd,
    trial_settings: input.trial_settings,
    trial_start: isTrial ? call.now : null,
  };
}

function nothingToPayWith(): ApiError {
  return invalidRequest(
    "This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#subscription-payment-methods.",
    { code: "resource_missing" },
  );
}

function unpaid(attempt: PaymentAttempt): ApiError {
  if (attempt.outcome === "declined") {
    const { code, declineCode, message } = attempt.refusal;
    return new ApiError(402, {
      type: "card_error",
      code,
      ...(declineCode ? { decline_code: declineCode } : {}),
      message,
    });
  }
  return new ApiError(402, {
    type: "card_error",
    code: "subscription_payment_intent_requires_action",
    message:
      "Payment for this subscription requires additional user action before it can be completed successfully. With `error_if_incomplete` nothing is kept; use `allow_incomplete` to let the shopper complete it.",
  });
}
