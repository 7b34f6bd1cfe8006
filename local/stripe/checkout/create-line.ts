import type Stripe from "stripe";
import type { Call } from "../call";
import { newId } from "../ids";
import type { WireLineItem, WirePrice } from "../store";

export type LineInput = {
  quantity: number;
  currency: string;
  unitAmount: number;
  product: { name: string; description: string | null; images: string[]; metadata: Stripe.Metadata };
  taxBehavior: Stripe.Price.TaxBehavior;
  metadata: Stripe.Metadata;
};

/** One line of a checkout, with the product and the price that Stripe makes of its `price_data`: both inactive, for this line only. */
export function createLine(call: Call, line: LineInput): WireLineItem {
  const product: Stripe.Product = {
    id: newId("prod"),
    object: "product",
    active: false,
    created: call.now,
    default_price: null,
    description: line.product.description,
    images: line.product.images,
    livemode: false,
    marketing_features: [],
    metadata: line.product.metadata,
    name: line.product.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: "service",
    unit_label: null,
    updated: call.now,
    url: null,
  };
  call.store.products.put(product.id, product);
  const price: WirePrice = {
    id: newId("price"),
    object: "price",
    active: false,
    billing_scheme: "per_unit",
    created: call.now,
    currency: line.currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product: product.id,
    recurring: null,
    tax_behavior: line.taxBehavior,
    tiers_mode: null,
    transform_quantity: null,
    type: "one_time",
    unit_amount: line.unitAmount,
    unit_amount_decimal: String(line.unitAmount),
  };
  call.store.prices.put(price.id, price);
  const amount = line.unitAmount * line.quantity;
  return {
    id: newId("li"),
    object: "item",
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: line.currency,
    description: line.product.name,
    metadata: line.metadata,
    price,
    quantity: line.quantity,
  };
}
