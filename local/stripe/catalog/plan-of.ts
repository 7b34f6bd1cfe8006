import type { WirePlan } from "../billing/objects";
import type { WirePrice } from "../store";

/** A recurring price as the older Plans API shows it: the same thing under the same id. Null for a one-time price. */
export function planOf(price: WirePrice): WirePlan | null {
  if (price.recurring === null) return null;
  const { interval, interval_count, meter, trial_period_days, usage_type } = price.recurring;
  return {
    id: price.id,
    object: "plan",
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval,
    interval_count,
    livemode: price.livemode,
    metadata: price.metadata,
    meter,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days,
    usage_type,
  };
}
