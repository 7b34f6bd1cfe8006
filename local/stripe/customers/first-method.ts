import type { Call } from "../call";
import { getPaymentMethod } from "../payments/find-payment-method";
import { attachMethod } from "../payments/keep-payment-method";
import { requireOwnMethod } from "./require-own-method";

type Asked = { payment_method?: string; invoice_settings?: { default_payment_method?: string } };

/**
 * Attaches the payment method that a customer comes with, and answers the one its invoices are paid with. A ready-made
 * id like `pm_card_visa` given for both is one card.
 */
export function firstMethod(call: Call, customerId: string, asked: Asked): string | null {
  const wanted = asked.invoice_settings?.default_payment_method;
  if (asked.payment_method !== undefined) {
    const attached = attachMethod(call, getPaymentMethod(call, asked.payment_method), customerId);
    if (wanted === asked.payment_method) return attached.id;
  }
  if (wanted === undefined) return null;
  return requireOwnMethod(call, customerId, wanted, "invoice_settings[default_payment_method]").id;
}
