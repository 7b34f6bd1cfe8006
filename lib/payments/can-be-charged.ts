import type { Money } from "@/lib/money/money";

/** In the smallest unit, where it is not 50. */
const smallestAmounts: Readonly<Record<string, number>> = {
  AED: 200,
  BGN: 100,
  CZK: 1500,
  DKK: 250,
  GBP: 30,
  HKD: 400,
  HUF: 17_500,
  MXN: 1000,
  MYR: 200,
  NOK: 300,
  PLN: 200,
  RON: 200,
  SEK: 300,
  THB: 1000,
};
const largestAmount = 99_999_999;
/** Currencies with three decimals are charged in steps of ten of their smallest unit. */
const steps: Readonly<Record<string, number>> = { BHD: 10, JOD: 10, KWD: 10, OMR: 10, TND: 10 };

/**
 * Whether Stripe charges such an amount, for an account that is paid out in the same currency. For one that is not,
 * the least may be higher, and Stripe says so when the payment page is made.
 *
 * https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
 * https://docs.stripe.com/currencies#three-decimal
 */
export function canBeCharged({ amount, currency }: Money): boolean {
  const isInRange = amount >= (smallestAmounts[currency] ?? 50) && amount <= largestAmount;
  return isInRange && amount % (steps[currency] ?? 1) === 0;
}
