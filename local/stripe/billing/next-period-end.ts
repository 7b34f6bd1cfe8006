import type Stripe from "stripe";

type Interval = Pick<Stripe.Price.Recurring, "interval" | "interval_count">;

const daySeconds = 24 * 60 * 60;

/**
 * When the period that holds `time` ends. Periods are counted from the anchor, so that one which began on the 31st ends
 * on the last day of a shorter month and on the 31st again afterwards
 * (https://docs.stripe.com/billing/subscriptions/billing-cycle).
 */
export function nextPeriodEnd(anchor: number, interval: Interval, time: number): number {
  let count = 1;
  while (after(anchor, interval, count) <= time) count += 1;
  return after(anchor, interval, count);
}

function after(anchor: number, { interval, interval_count }: Interval, count: number): number {
  const steps = interval_count * count;
  if (interval === "day") return anchor + steps * daySeconds;
  if (interval === "week") return anchor + steps * 7 * daySeconds;
  return addMonths(anchor, interval === "year" ? steps * 12 : steps);
}

function addMonths(time: number, months: number): number {
  const start = new Date(time * 1000);
  const first = new Date(start);
  first.setUTCDate(1);
  first.setUTCMonth(first.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(start.getUTCDate(), lastDay));
  return Math.floor(first.getTime() / 1000);
}
