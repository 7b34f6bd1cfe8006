import type Stripe from "stripe";

/** New metadata over old: an empty value removes its key, null (an empty parameter) removes all. */
export function mergeMetadata(
  old: Stripe.Metadata | null,
  given: Record<string, string> | null | undefined,
): Stripe.Metadata {
  if (given === null) return {};
  return Object.fromEntries(Object.entries({ ...old, ...given }).filter(([, value]) => value !== ""));
}
