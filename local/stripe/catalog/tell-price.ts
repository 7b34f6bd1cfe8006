import type Stripe from "stripe";
import { asEventObject } from "../billing/objects";
import type { Call } from "../call";
import type { WirePrice } from "../store";
import { emitEvent } from "../webhooks/emit-event";
import { planOf } from "./plan-of";

/** The event of a price, and where it recurs the one of the plan that it is in the older API. */
export function tellPrice(
  call: Call,
  what: "created" | "updated" | "deleted",
  price: WirePrice,
  previous?: Stripe.Event.Data.PreviousAttributes,
): void {
  const rest = previous ? { previous } : {};
  const plan = planOf(price);
  if (plan) emitEvent(call, { type: `plan.${what}`, object: asEventObject(plan), ...rest });
  emitEvent(call, { type: `price.${what}`, object: asEventObject(price), ...rest });
}
