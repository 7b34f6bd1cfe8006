import type Stripe from "stripe";
import type { Call } from "../call";
import { idOf, newId } from "../ids";
import { assertChargeable, createPaymentIntent } from "../payments/create-payment-intent";
import { emitEvent } from "../webhooks/emit-event";
import { invalidRequest } from "../wire";
import { nameOf } from "./invoice-states";
import { asEventObject, type WireInvoice } from "./objects";
import { settleInvoice } from "./settle-invoice";

/**
 * Makes a draft the final thing, with its number and the PaymentIntent that will pay it. One that asks for nothing is
 * paid at once.
 *
 * @throws ApiError `invoice_not_editable` for what is no draft, `amount_too_small` below the smallest charge
 */
export function finalizeInvoice(call: Call, draft: WireInvoice): WireInvoice {
  if (draft.status !== "draft") {
    throw invalidRequest(`This invoice is already finalized, you can't re-finalize a ${nameOf(draft)} invoice.`, {
      code: "invoice_not_editable",
    });
  }
  if (draft.amount_due < 0) {
    throw invalidRequest("The local Stripe keeps no customer balance, so an invoice cannot come to less than nothing.");
  }
  if (draft.amount_due > 0) assertChargeable(draft.amount_due, draft.currency);
  const open: WireInvoice = {
    ...draft,
    automatically_finalizes_at: null,
    effective_at: call.now,
    ending_balance: 0,
    number: takeNumber(call, idOf(draft.customer) ?? ""),
    status: "open",
    status_transitions: { ...draft.status_transitions, finalized_at: call.now },
    webhooks_delivered_at: draft.webhooks_delivered_at ?? call.now,
  };
  call.store.invoices.put(open.id, open);
  if (open.amount_due > 0) askForPayment(call, open);
  emitEvent(call, { type: "invoice.finalized", object: asEventObject(open) });
  return open.amount_due > 0 ? open : settleInvoice(call, open);
}

/** Numbers run within a customer: `ABCD1234-0001`. */
function takeNumber(call: Call, customerId: string): string {
  const customer = call.store.customers.get(customerId);
  if (!customer || customer.deleted) return `GONE-${newId("no").slice(3, 11)}`;
  const sequence = customer.next_invoice_sequence ?? 1;
  call.store.customers.put(customer.id, { ...customer, next_invoice_sequence: sequence + 1 });
  return `${customer.invoice_prefix}-${String(sequence).padStart(4, "0")}`;
}

function askForPayment(call: Call, invoice: WireInvoice): void {
  const isFirst = invoice.billing_reason === "subscription_create";
  const intent = createPaymentIntent(call, {
    amount: invoice.amount_due,
    automaticPaymentMethods: false,
    capture_method: "automatic",
    currency: invoice.currency,
    customer: idOf(invoice.customer),
    description: descriptionOf(invoice),
    statement_descriptor: invoice.statement_descriptor,
    // Renewals are charged while nobody is there, which the first payment asks the bank to allow.
    ...(isFirst ? { setup_future_usage: "off_session" as const } : {}),
  });
  const payment: Stripe.InvoicePayment = {
    id: newId("inpay"),
    object: "invoice_payment",
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: call.now,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent.id, type: "payment_intent" },
    status: "open",
    status_transitions: { canceled_at: null, paid_at: null },
  };
  call.store.invoicePayments.put(payment.id, payment);
}

function descriptionOf(invoice: WireInvoice): string {
  if (invoice.billing_reason === "subscription_create") return "Subscription creation";
  return invoice.parent ? "Subscription update" : `Payment for Invoice`;
}
