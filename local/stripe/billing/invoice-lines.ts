import type Stripe from "stripe";
import type { Call } from "../call";
import { idOf, newId } from "../ids";
import type { WirePrice } from "../store";
import type { WireInvoiceItem, WireInvoiceLine, WireSubscription, WireSubscriptionItem } from "./objects";

const common = (): Pick<
  WireInvoiceLine,
  | "object"
  | "discount_amounts"
  | "discountable"
  | "discounts"
  | "invoice"
  | "livemode"
  | "pretax_credit_amounts"
  | "taxes"
> => ({
  object: "line_item",
  discount_amounts: [],
  discountable: true,
  discounts: [],
  invoice: null,
  livemode: false,
  pretax_credit_amounts: null,
  taxes: [],
});

/** The lines of one period of a subscription, for nothing while it is on trial. */
export function subscriptionLines(call: Call, subscription: WireSubscription): WireInvoiceLine[] {
  const isTrial = subscription.status === "trialing";
  return subscription.items.data.map((item) => {
    const quantity = item.quantity ?? 1;
    const name = call.store.products.get(idOf(item.price.product) ?? "")?.name ?? item.price.id;
    const amount = isTrial ? 0 : (item.price.unit_amount ?? 0) * quantity;
    return {
      ...common(),
      id: newId("il"),
      amount,
      currency: item.price.currency,
      description: isTrial
        ? `Free trial for ${quantity} × ${name}`
        : `${quantity} × ${name} (at ${shownMoney(item.price)} / ${item.price.recurring?.interval})`,
      metadata: item.metadata,
      parent: {
        invoice_item_details: null,
        subscription_item_details: {
          invoice_item: null,
          proration: false,
          proration_details: { credited_items: null },
          subscription: subscription.id,
          subscription_item: item.id,
        },
        type: "subscription_item_details",
      },
      period: { start: item.current_period_start, end: item.current_period_end },
      pricing: pricingOf(item, isTrial),
      quantity,
      quantity_decimal: String(quantity),
      subscription: subscription.id,
      subtotal: amount,
    };
  });
}

/** The line that an invoice item becomes. */
export function lineOfItem(item: WireInvoiceItem): WireInvoiceLine {
  return {
    ...common(),
    id: newId("il"),
    amount: item.amount,
    currency: item.currency,
    description: item.description,
    metadata: item.metadata ?? {},
    parent: {
      invoice_item_details: {
        invoice_item: item.id,
        proration: false,
        proration_details: { credited_items: null },
        subscription: null,
      },
      subscription_item_details: null,
      type: "invoice_item_details",
    },
    period: item.period,
    pricing: item.pricing,
    quantity: item.quantity,
    quantity_decimal: item.quantity_decimal,
    subscription: null,
    subtotal: item.amount,
  };
}

function pricingOf({ price }: WireSubscriptionItem, isTrial: boolean): WireInvoiceLine["pricing"] {
  return {
    price_details: { price: price.id, product: idOf(price.product) ?? "" },
    type: "price_details",
    unit_amount_decimal: isTrial ? "0" : price.unit_amount_decimal,
  };
}

function shownMoney({ currency, unit_amount }: WirePrice): string {
  const format = new Intl.NumberFormat("en-US", { style: "currency", currency });
  return format.format((unit_amount ?? 0) / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** A list that answers carry within them, all of it at once. */
export function inlineList<Item>(url: string, data: Item[]): Stripe.ApiList<Item> {
  return { object: "list", data, has_more: false, url };
}
