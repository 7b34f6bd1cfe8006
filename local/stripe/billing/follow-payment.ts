import type Stripe from "stripe";
import type { Call } from "../call";
import { idOf } from "../ids";
import { emitEvent } from "../webhooks/emit-event";
import { previousOf } from "../webhooks/previous-of";
import { changeStatus } from "./change-subscription";
import { findPaymentOf, subscriptionOf } from "./invoice-states";
import { asEventObject, type WireInvoice } from "./objects";
import { nextAttempt } from "./retry-rules";
import { settleInvoice } from "./settle-invoice";

type Outcome = "paid" | "authorised" | "challenge" | "declined";

/** What a payment's outcome means for the invoice it was made for, whoever confirmed it. Of no invoice: nothing. */
export function followPayment(call: Call, intent: Stripe.PaymentIntent, outcome: Outcome): void {
  const payment = findPaymentOf(call.store, intent.id);
  const invoice = call.store.invoices.get(idOf(payment?.invoice) ?? "");
  if (!invoice || !["open", "uncollectible"].includes(invoice.status ?? "")) return;
  const attempted: WireInvoice = { ...invoice, attempted: true, attempt_count: Math.max(1, invoice.attempt_count) };
  if (outcome === "paid") {
    keepMethod(call, attempted, intent);
    settleInvoice(call, attempted);
  } else noteFailure(call, attempted, outcome === "challenge");
}

/** A subscription that asked for it keeps the card that paid. */
function keepMethod(call: Call, invoice: WireInvoice, intent: Stripe.PaymentIntent): void {
  const subscription = subscriptionOf(call.store, invoice);
  if (subscription?.payment_settings?.save_default_payment_method !== "on_subscription") return;
  call.store.subscriptions.put(subscription.id, {
    ...subscription,
    default_payment_method: idOf(intent.payment_method),
  });
}

/** The money of an open invoice did not come: the next try is planned where it advances by itself, and its subscription is in arrears. */
export function noteFailure(call: Call, invoice: WireInvoice, needsAction: boolean): WireInvoice {
  const before = call.store.invoices.get(invoice.id) ?? invoice;
  const subscription = subscriptionOf(call.store, invoice);
  // The first payment of a subscription is the shopper's to repeat.
  const isRetried = invoice.auto_advance === true && invoice.billing_reason !== "subscription_create";
  const isPlanned = invoice.next_payment_attempt !== null && invoice.next_payment_attempt > call.now;
  const failed: WireInvoice = {
    ...invoice,
    attempted: true,
    next_payment_attempt: isPlanned
      ? invoice.next_payment_attempt
      : isRetried
        ? nextAttempt(call.store, invoice.attempt_count, call.now)
        : null,
  };
  call.store.invoices.put(failed.id, failed);
  const previous = previousOf(before, failed);
  if (previous)
    emitEvent(call, { type: "invoice.updated", object: asEventObject(failed), previous: previous as object });
  if (needsAction) emitEvent(call, { type: "invoice.payment_action_required", object: asEventObject(failed) });
  emitEvent(call, { type: "invoice.payment_failed", object: asEventObject(failed) });
  if (subscription?.status === "active") changeStatus(call, subscription, "past_due");
  return failed;
}
