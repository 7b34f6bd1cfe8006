import type { Call } from "../call";
import { markCancelled } from "../payments/cancel-payment";
import { emitEvent } from "../webhooks/emit-event";
import { invalidRequest } from "../wire";
import { defaultPayment, intentOf, nameOf } from "./invoice-states";
import { asEventObject, type WireInvoice } from "./objects";

/** Voids what was final and is not paid: as if it had never been asked for. */
export function voidInvoice(call: Call, invoice: WireInvoice): WireInvoice {
  if (invoice.status !== "open" && invoice.status !== "uncollectible") {
    throw invalidRequest(`You can only pass in open invoices. This invoice isn't open: it is ${nameOf(invoice)}.`);
  }
  const voided: WireInvoice = {
    ...invoice,
    auto_advance: false,
    next_payment_attempt: null,
    status: "void",
    status_transitions: { ...invoice.status_transitions, voided_at: call.now },
  };
  call.store.invoices.put(voided.id, voided);
  dropPayment(call, voided);
  emitEvent(call, { type: "invoice.voided", object: asEventObject(voided) });
  return voided;
}

/** Writes an open invoice off. It can still be paid. */
export function markUncollectible(call: Call, invoice: WireInvoice): WireInvoice {
  if (invoice.status !== "open") {
    throw invalidRequest(`You can only pass in open invoices. This invoice isn't open: it is ${nameOf(invoice)}.`);
  }
  const written: WireInvoice = {
    ...invoice,
    auto_advance: false,
    next_payment_attempt: null,
    status: "uncollectible",
    status_transitions: { ...invoice.status_transitions, marked_uncollectible_at: call.now },
  };
  call.store.invoices.put(written.id, written);
  emitEvent(call, { type: "invoice.marked_uncollectible", object: asEventObject(written) });
  return written;
}

/** The PaymentIntent of an invoice is no longer needed. */
export function dropPayment(call: Call, invoice: WireInvoice): void {
  const payment = defaultPayment(call.store, invoice.id);
  const intent = intentOf(call.store, invoice.id);
  if (!payment || !intent || payment.status !== "open") return;
  call.store.invoicePayments.put(payment.id, {
    ...payment,
    status: "canceled",
    status_transitions: { ...payment.status_transitions, canceled_at: call.now },
  });
  markCancelled(call, intent, "void_invoice");
}
