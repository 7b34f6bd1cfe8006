import type Stripe from "stripe";
import type { Call } from "../call";
import { newId } from "../ids";
import type { WirePrice } from "../store";

export type PriceFields = Pick<WirePrice, "currency" | "product"> & { unit_amount: number } & Partial<
    Pick<WirePrice, "active" | "lookup_key" | "metadata" | "nickname" | "tax_behavior">
  >;

/** Stores a price for one purchase. Like `createProduct` it makes no event. */
export function createPrice(call: Call, given: PriceFields): WirePrice {
  const price: WirePrice = {
    id: newId("price"),
    object: "price",
    active: true,
    billing_scheme: "per_unit",
    created: call.now,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    recurring: null,
    tax_behavior: "unspecified",
    tiers_mode: null,
    transform_quantity: null,
    type: "one_time",
    unit_amount_decimal: String(given.unit_amount),
    ...given,
  };
  call.store.prices.put(price.id, price);
  return price;
}

/** The event's types know the SDK's decimal, which on the wire is text. */
export function asEventObject(price: WirePrice): Stripe.Event.Data.Object {
  return price as unknown as Stripe.Event.Data.Object;
}
