import type Stripe from "stripe";
import { newId } from "../ids";
import type { WireLineItem, WirePrice } from "../store";

export type LineInput = { price: WirePrice; name: string; quantity: number; metadata: Stripe.Metadata };

/** One line of a checkout: so many of a price. */
export function createLine({ price, name, quantity, metadata }: LineInput): WireLineItem {
  const amount = (price.unit_amount ?? 0) * quantity;
  return {
    id: newId("li"),
    object: "item",
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: price.currency,
    description: name,
    metadata,
    price,
    quantity,
  };
}
