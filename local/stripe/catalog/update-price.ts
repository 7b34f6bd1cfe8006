import type { Call } from "../call";
import { mergeMetadata } from "../metadata";
import type { WirePrice } from "../store";
import { tellPrice } from "./tell-price";

type Changes = Partial<Omit<WirePrice, "metadata">> & { metadata?: Record<string, string> | null };

/** Changes what may be changed of a price, or of the plan it is known as, and tells of it. */
export function updatePrice(call: Call, price: WirePrice, changes: Changes): WirePrice {
  const updated: WirePrice = { ...price, ...changes, metadata: mergeMetadata(price.metadata, changes.metadata) };
  call.store.prices.put(price.id, updated);
  tellPrice(call, "updated", updated, { metadata: price.metadata });
  return updated;
}
