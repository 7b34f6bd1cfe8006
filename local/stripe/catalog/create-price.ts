import type { Call } from "../call";
import { newId } from "../ids";
import type { WirePrice } from "../store";

export type PriceFields = Pick<WirePrice, "currency" | "product"> & { unit_amount: number } & Partial<
    Pick<WirePrice, "active" | "id" | "lookup_key" | "metadata" | "nickname" | "recurring" | "tax_behavior">
  >;

/** Stores a price, for one purchase or recurring. Like `createProduct` it makes no event. */
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
    type: given.recurring ? "recurring" : "one_time",
    unit_amount_decimal: String(given.unit_amount),
    ...given,
  };
  call.store.prices.put(price.id, price);
  return price;
}
