import type Stripe from "stripe";
import type { Call } from "../call";
import { newId } from "../ids";

export type ProductFields = Pick<Stripe.Product, "name"> &
  Partial<
    Pick<Stripe.Product, "active" | "description" | "id" | "images" | "metadata" | "shippable" | "unit_label" | "url">
  >;

/** Stores a product. Whether its making is an event is for the caller to say: one made of `price_data` is not. */
export function createProduct(call: Call, given: ProductFields): Stripe.Product {
  const product: Stripe.Product = {
    id: newId("prod"),
    object: "product",
    active: true,
    created: call.now,
    default_price: null,
    description: null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: {},
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: "service",
    unit_label: null,
    updated: call.now,
    url: null,
    ...given,
  };
  call.store.products.put(product.id, product);
  return product;
}
