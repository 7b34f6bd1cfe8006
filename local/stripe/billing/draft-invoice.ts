import type Stripe from "stripe";
import type { Call } from "../call";
import { newId } from "../ids";
import { emitEvent } from "../webhooks/emit-event";
import { inlineList } from "./invoice-lines";
import { asEventObject, type WireInvoice, type WireInvoiceLine } from "./objects";

/** A draft that advances by itself is finalised an hour after it was made (https://docs.stripe.com/invoicing/integration/automatic-advancement-collection). */
const draftSeconds = 60 * 60;

export type DraftInput = {
  customer: Stripe.Customer;
  lines: WireInvoiceLine[];
} & Pick<WireInvoice, "billing_reason" | "currency"> &
  Partial<
    Pick<
      WireInvoice,
      | "auto_advance"
      | "collection_method"
      | "default_payment_method"
      | "description"
      | "due_date"
      | "footer"
      | "metadata"
      | "parent"
      | "period_end"
      | "period_start"
      | "statement_descriptor"
    >
  >;

/** Makes a draft of an invoice, and its event. */
export function draftInvoice(call: Call, { customer, lines, ...given }: DraftInput): WireInvoice {
  const id = newId("in");
  const invoice: WireInvoice = {
    id,
    object: "invoice",
    account_country: "US",
    account_name: "Local Stripe",
    account_tax_ids: null,
    ...amountsOf(lines),
    amount_overpaid: 0,
    amount_paid: 0,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: false,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: given.auto_advance ? call.now + draftSeconds : null,
    collection_method: "charge_automatically",
    created: call.now,
    custom_fields: null,
    customer: customer.id,
    customer_account: null,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: customer.shipping,
    customer_tax_exempt: customer.tax_exempt ?? "none",
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: "self" },
    last_finalization_error: null,
    latest_revision: null,
    lines: linesOf(id, lines),
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: null,
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: call.now,
    period_start: call.now,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: "draft",
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    test_clock: null,
    total_discount_amounts: [],
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: call.hasWebhook ? null : call.now,
    ...given,
  };
  call.store.invoices.put(id, invoice);
  emitEvent(call, { type: "invoice.created", object: asEventObject(invoice) });
  return invoice;
}

/** A draft with other lines, which change its sums. */
export function withLines(invoice: WireInvoice, lines: WireInvoiceLine[]): WireInvoice {
  return { ...invoice, ...amountsOf(lines), lines: linesOf(invoice.id, lines) };
}

function linesOf(id: string, lines: WireInvoiceLine[]) {
  return inlineList(
    `/v1/invoices/${id}/lines`,
    lines.map((line) => ({ ...line, invoice: id })),
  );
}

function amountsOf(lines: WireInvoiceLine[]) {
  const total = lines.reduce((sum, { amount }) => sum + amount, 0);
  return {
    amount_due: total,
    amount_remaining: total,
    subtotal: total,
    subtotal_excluding_tax: total,
    total,
    total_excluding_tax: total,
  };
}
