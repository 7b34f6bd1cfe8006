import type Stripe from "stripe";
import type { Call } from "../call";
import { idOf } from "../ids";
import { draftInvoice } from "./draft-invoice";
import { lineOfItem } from "./invoice-lines";
import type { WireInvoice } from "./objects";
import { type AskedChanges, collectionOf } from "./update-invoice";

type Input = {
  customer: Stripe.Customer;
  /** Without one, that of the pending items. */
  currency: string | undefined;
  takesPending: boolean;
  asked: AskedChanges;
};

/** The draft of an invoice that somebody wants, with the items that wait for the customer's next one. */
export function createInvoice(
  call: Call,
  { customer, currency: asked, takesPending, asked: changes }: Input,
): WireInvoice {
  const pending = call.store.invoiceItems
    .values()
    .filter((item) => takesPending && item.invoice === null && idOf(item.customer) === customer.id);
  const currency = asked ?? pending[0]?.currency ?? customer.currency ?? "usd";
  const taken = pending.filter((item) => item.currency === currency);
  const { days_until_due: _, ...fields } = changes;
  const invoice = draftInvoice(call, {
    ...fields,
    ...collectionOf(call, changes, { collection_method: "charge_automatically", due_date: null }),
    billing_reason: "manual",
    currency,
    customer,
    lines: taken.map(lineOfItem),
  });
  for (const item of taken) call.store.invoiceItems.put(item.id, { ...item, invoice: invoice.id });
  return invoice;
}
