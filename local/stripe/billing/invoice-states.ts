import type Stripe from "stripe";
import { idOf } from "../ids";
import type { Store } from "../store";
import type { WireInvoice } from "./objects";

/** How a sentence calls an invoice by its state. */
export function nameOf({ status }: WireInvoice): string {
  return status === "open" ? "finalized" : (status ?? "draft");
}

/** The payment that an invoice waits for or was paid with; undefined where it asks for nothing. */
export function defaultPayment(store: Store, invoiceId: string): Stripe.InvoicePayment | undefined {
  return store.invoicePayments.values().find((payment) => payment.is_default && idOf(payment.invoice) === invoiceId);
}

/** Which invoice a PaymentIntent is still to pay; undefined where it is to pay none. */
export function findPaymentOf(store: Store, intentId: string): Stripe.InvoicePayment | undefined {
  return store.invoicePayments
    .values()
    .find(({ payment, status }) => status === "open" && idOf(payment.payment_intent) === intentId);
}

/** The PaymentIntent of an invoice; undefined where it asks for nothing. */
export function intentOf(store: Store, invoiceId: string): Stripe.PaymentIntent | undefined {
  return store.paymentIntents.get(idOf(defaultPayment(store, invoiceId)?.payment.payment_intent) ?? "");
}

/** The subscription that an invoice bills. */
export function subscriptionOf(store: Store, { parent }: Pick<WireInvoice, "parent">) {
  return store.subscriptions.get(idOf(parent?.subscription_details?.subscription) ?? "");
}
