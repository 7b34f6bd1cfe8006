import type { Call } from "../call";
import { requireOwnMethod } from "../customers/require-own-method";
import { idOf } from "../ids";
import { ApiError, invalidRequest } from "../wire";
import { chargeInvoice, methodFor } from "./collect-invoice";
import { dropPayment } from "./end-invoice";
import { finalizeInvoice } from "./finalize-invoice";
import type { WireInvoice } from "./objects";
import { settleInvoice } from "./settle-invoice";

/**
 * Pays an invoice by hand; a draft is finalised first. Does not touch the plan of automatic tries.
 *
 * @throws ApiError 402 `card_error` when the card is declined or asks for the cardholder (what was tried stays), 400 where
 * there is nothing to pay or nothing to pay with
 */
export function payInvoice(
  call: Call,
  given: WireInvoice,
  input: { method: string | undefined; isPaidElsewhere: boolean },
): WireInvoice {
  if (given.status === "paid") throw invalidRequest("Invoice is already paid");
  if (given.status === "void") throw invalidRequest("This invoice has been voided, so it can no longer be paid.");
  const customerId = idOf(given.customer) ?? "";
  const method =
    input.method === undefined
      ? methodFor(call, given)
      : requireOwnMethod(call, customerId, input.method, "payment_method");
  const invoice = given.status === "draft" ? finalizeInvoice(call, given) : given;
  if (invoice.status === "paid") return invoice;
  if (input.isPaidElsewhere) {
    dropPayment(call, invoice);
    return settleInvoice(call, invoice);
  }
  if (!method) {
    throw invalidRequest(
      "There is no `default_payment_method` set on this Customer or Invoice. Please set one, or name a `payment_method` to pay with.",
      { code: "invoice_no_payment_method_types" },
    );
  }
  const attempt = chargeInvoice(call, invoice, method);
  const after = call.store.invoices.get(invoice.id) ?? invoice;
  if (attempt.outcome === "declined") {
    const { code, declineCode, message } = attempt.refusal;
    throw new ApiError(
      402,
      {
        type: "card_error",
        code,
        ...(declineCode ? { decline_code: declineCode } : {}),
        charge: attempt.charge.id,
        message,
        payment_intent: attempt.intent,
        payment_method: method,
      },
      { keepsEffects: true },
    );
  }
  if (attempt.outcome === "challenge") {
    throw new ApiError(
      402,
      {
        type: "card_error",
        code: "invoice_payment_intent_requires_action",
        message:
          "This payment requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with the invoice. For more details see: https://stripe.com/docs/billing/subscriptions/overview#requires-action",
        payment_intent: attempt.intent,
      },
      { keepsEffects: true },
    );
  }
  return after;
}
