import type Stripe from "stripe";
import type { Call } from "../call";
import { newId } from "../ids";
import { emitEvent } from "../webhooks/emit-event";
import { withLines } from "./draft-invoice";
import { lineOfItem } from "./invoice-lines";
import { asEventObject, type WireInvoice, type WireInvoiceItem } from "./objects";

type Input = {
  customer: Stripe.Customer;
  /** A draft to go on at once; without one it waits for the customer's next invoice that asks for what is pending. */
  draft: WireInvoice | undefined;
  unitAmount: number;
  price: { id: string; product: string } | null;
} & Pick<WireInvoiceItem, "currency" | "description" | "metadata" | "quantity">;

/** Something to be charged with an invoice. */
export function createInvoiceItem(call: Call, input: Input): WireInvoiceItem {
  const { customer, draft, unitAmount, price, ...given } = input;
  const item: WireInvoiceItem = {
    id: newId("ii"),
    object: "invoiceitem",
    amount: unitAmount * given.quantity,
    customer: customer.id,
    customer_account: null,
    date: call.now,
    discountable: true,
    discounts: [],
    invoice: draft?.id ?? null,
    livemode: false,
    net_amount: unitAmount * given.quantity,
    parent: null,
    period: { start: call.now, end: call.now },
    pricing: {
      ...(price ? { price_details: { price: price.id, product: price.product } } : {}),
      type: "price_details",
      unit_amount_decimal: String(unitAmount),
    },
    proration: false,
    quantity_decimal: String(given.quantity),
    tax_rates: [],
    test_clock: null,
    ...given,
  };
  call.store.invoiceItems.put(item.id, item);
  emitEvent(call, { type: "invoiceitem.created", object: asEventObject(item) });
  if (draft) {
    const longer = withLines(draft, [...draft.lines.data, lineOfItem(item)]);
    call.store.invoices.put(draft.id, longer);
    emitEvent(call, {
      type: "invoice.updated",
      object: asEventObject(longer),
      previous: { amount_due: draft.amount_due, total: draft.total },
    });
  }
  return item;
}
