import { z } from "zod";
import { type Money, money } from "@/lib/money/money";
import { callStripe } from "./stripe-client";
import { isMissing } from "./stripe-errors";

/** An invoice of a subscription as Stripe has it now. */
export type InvoiceAtStripe = {
  stripeInvoiceId: string;
  /** Null for an invoice that belongs to no subscription. */
  stripeSubscriptionId: string | null;
  /** `open` covers all that is neither paid nor was tried in vain. */
  state: "paid" | "failed" | "open";
  amount: Money;
  paidAt: Date | null;
};

const SubscriptionRef = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]).nullish();

/** The fields we read, wherever they come from: the API now, or the body of an event. */
const Invoice = z.object({
  id: z.string(),
  status: z.string().nullish(),
  attempted: z.boolean().nullish(),
  currency: z.string(),
  amount_paid: z.int().default(0),
  amount_due: z.int().default(0),
  status_transitions: z.object({ paid_at: z.int().nullish() }).nullish(),
  parent: z.object({ subscription_details: z.object({ subscription: SubscriptionRef }).nullish() }).nullish(),
  /** Where API versions before 2025-03-31 say it; events come in the version of their endpoint. */
  subscription: SubscriptionRef,
});

function toInvoice(invoice: z.output<typeof Invoice>): InvoiceAtStripe {
  const isPaid = invoice.status === "paid";
  const paidAt = invoice.status_transitions?.paid_at;
  return {
    stripeInvoiceId: invoice.id,
    stripeSubscriptionId: invoice.parent?.subscription_details?.subscription ?? invoice.subscription ?? null,
    state: isPaid ? "paid" : invoice.attempted ? "failed" : "open",
    amount: money(isPaid ? invoice.amount_paid : invoice.amount_due, invoice.currency.toUpperCase()),
    paidAt: isPaid && paidAt ? new Date(paidAt * 1000) : null,
  };
}

/** Asks Stripe how the invoice stands now; null where Stripe has no such thing (any more). */
export function readInvoice(id: string): Promise<InvoiceAtStripe | null> {
  return callStripe(async (stripe) => {
    try {
      return toInvoice(Invoice.parse(await stripe.invoices.retrieve(id)));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  });
}

/** The invoice as a signed event told it, for what Stripe cannot show any more; null for another kind of object. */
export function invoiceOfEvent(type: string, object: unknown): InvoiceAtStripe | null {
  const parsed = Invoice.safeParse(object);
  if (!parsed.success) return null;
  const isFailed = type === "invoice.payment_failed";
  return toInvoice({ ...parsed.data, status: isFailed ? "open" : "paid", attempted: true });
}
