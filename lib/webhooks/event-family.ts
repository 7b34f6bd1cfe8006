/** The kinds of things that events are about: each has a task of its own. */
export type EventFamily = "checkout" | "billing" | "payment";

/** Which task applies events of this type. */
export function eventFamily(type: string): EventFamily {
  if (type.startsWith("checkout.")) return "checkout";
  if (type.startsWith("invoice.") || type.startsWith("customer.subscription.")) return "billing";
  return "payment";
}
