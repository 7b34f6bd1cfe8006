import type Stripe from "stripe";
import type { Call } from "../call";
import { getPaymentMethod } from "../payments/find-payment-method";
import { emitEvent } from "../webhooks/emit-event";
import { requireOwnMethod } from "./require-own-method";

type Asked = { payment_method?: string; invoice_settings?: { default_payment_method?: string } };

/**
 * Attaches the payment method that a customer comes with, and answers the one its invoices are paid with. A ready-made
 * id like `pm_card_visa` given for both is one card.
 */
export function firstMethod(call: Call, customerId: string, asked: Asked): string | null {
  const wanted = asked.invoice_settings?.default_payment_method;
  if (asked.payment_method !== undefined) {
    const attached: Stripe.PaymentMethod = { ...getPaymentMethod(call, asked.payment_method), customer: customerId };
    call.store.paymentMethods.put(attached.id, attached);
    emitEvent(call, { type: "payment_method.attached", object: attached });
    if (wanted === asked.payment_method) return attached.id;
  }
  if (wanted === undefined) return null;
  return requireOwnMethod(call, customerId, wanted, "invoice_settings[default_payment_method]").id;
}
