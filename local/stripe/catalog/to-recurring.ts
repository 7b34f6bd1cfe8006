import type Stripe from "stripe";
import { invalidRequest } from "../wire";

type Asked = { interval: Stripe.Price.Recurring.Interval; interval_count?: number };

/** Stripe charges no interval longer than three years (https://docs.stripe.com/api/prices/create#create_price-recurring-interval_count). */
const longest: { [interval: string]: number } = { day: 1095, week: 156, month: 36, year: 3 };

/**
 * How often a price recurs, licensed and without a meter.
 *
 * @throws ApiError for an interval of more than three years
 */
export function toRecurring({ interval, interval_count: count = 1 }: Asked): Stripe.Price.Recurring {
  const most = longest[interval] ?? 0;
  if (count > most)
    throw invalidRequest(`Plan intervals cannot be longer than three years: at most ${most} of a ${interval}.`, {
      param: "recurring[interval_count]",
    });
  return { interval, interval_count: count, meter: null, trial_period_days: null, usage_type: "licensed" };
}
