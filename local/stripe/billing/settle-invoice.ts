import type { Call } from "../call";
import { idOf } from "../ids";
import { emitEvent } from "../webhooks/emit-event";
import { previousOf } from "../webhooks/previous-of";
import { changeStatus } from "./change-subscription";
import { defaultPayment, subscriptionOf } from "./invoice-states";
import { markDelinquent } from "./mark-delinquent";
import { asEventObject, type WireInvoice } from "./objects";

/** An open invoice is paid: by its PaymentIntent, elsewhere, or because it asks for nothing. Its subscription follows. */
export function settleInvoice(call: Call, open: WireInvoice): WireInvoice {
  const paid: WireInvoice = {
    ...open,
    amount_paid: open.amount_due,
    amount_remaining: 0,
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    status: "paid",
    status_transitions: { ...open.status_transitions, paid_at: call.now },
  };
  call.store.invoices.put(paid.id, paid);
  const payment = defaultPayment(call.store, paid.id);
  if (payment?.status === "open") {
    call.store.invoicePayments.put(payment.id, {
      ...payment,
      amount_paid: paid.amount_due,
      status: "paid",
      status_transitions: { ...payment.status_transitions, paid_at: call.now },
    });
  }
  if (payment)
    emitEvent(call, {
      type: "invoice.updated",
      object: asEventObject(paid),
      previous: previousOf(open, paid) as object,
    });
  emitEvent(call, { type: "invoice.paid", object: asEventObject(paid) });
  emitEvent(call, { type: "invoice.payment_succeeded", object: asEventObject(paid) });
  markDelinquent(call, idOf(paid.customer), false);
  const subscription = subscriptionOf(call.store, paid);
  if (subscription?.latest_invoice === paid.id && ["incomplete", "past_due", "unpaid"].includes(subscription.status)) {
    changeStatus(call, subscription, "active");
  }
  return paid;
}
