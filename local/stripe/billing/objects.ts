import type Stripe from "stripe";
import type { WirePrice } from "../store";

/*
 * Billing's objects as they go over the wire: the SDK turns decimal text into its own Decimal on the way in.
 */

export type WirePlan = Omit<Stripe.Plan, "amount_decimal"> & { amount_decimal: string | null };

export type WireSubscriptionItem = Omit<Stripe.SubscriptionItem, "plan" | "price"> & {
  plan: WirePlan;
  price: WirePrice;
};

export type WireSubscription = Omit<Stripe.Subscription, "items"> & { items: Stripe.ApiList<WireSubscriptionItem> };

export type WirePricing = Omit<Stripe.InvoiceLineItem.Pricing, "unit_amount_decimal"> & {
  unit_amount_decimal: string | null;
};

export type WireInvoiceItem = Omit<Stripe.InvoiceItem, "pricing" | "quantity_decimal"> & {
  pricing: WirePricing | null;
  quantity_decimal: string;
};

export type WireInvoiceLine = Omit<Stripe.InvoiceLineItem, "pricing" | "quantity_decimal"> & {
  pricing: WirePricing | null;
  quantity_decimal: string | null;
};

export type WireInvoice = Omit<Stripe.Invoice, "lines"> & { lines: Stripe.ApiList<WireInvoiceLine> };

/** The event's types know the SDK's decimal, which on the wire is text. */
export function asEventObject(
  object: WireInvoice | WireInvoiceItem | WirePlan | WirePrice | WireSubscription,
): Stripe.Event.Data.Object {
  return object as unknown as Stripe.Event.Data.Object;
}
