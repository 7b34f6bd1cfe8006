import { z } from "zod";

/**
 * An amount of money: a whole number of minor units (cents, yen, fils) with its ISO 4217 currency.
 * Made only by `money()`, combined only through this file.
 */
export type Money = { readonly amount: number; readonly currency: Currency };

/** Decimals of the currencies the store can trade in (ISO 4217). */
const decimalsOf = {
  EUR: 2,
  USD: 2,
  GBP: 2,
  CHF: 2,
  SEK: 2,
  DKK: 2,
  NOK: 2,
  PLN: 2,
  CAD: 2,
  AUD: 2,
  JPY: 0,
  KWD: 3,
} as const;

export type Currency = keyof typeof decimalsOf;

export const Currency = z.enum(
  Object.keys(decimalsOf) as [Currency, ...Currency[]],
  "Choose a currency that the store knows, such as EUR.",
);

/** True for an ISO code, in upper case, that the store knows the decimals of. */
export function isCurrency(code: string): code is Currency {
  return Object.hasOwn(decimalsOf, code);
}

/** How many decimals the currency is written with. */
export function decimals(currency: Currency): number {
  return decimalsOf[currency];
}

/** @throws RangeError for a fraction, an unsafe integer or an unknown currency. */
export function money(amount: number, currency: string): Money {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`Not a whole number of minor units: ${amount}`);
  if (!isCurrency(currency)) throw new RangeError(`Unknown currency: ${currency}`);
  return { amount, currency };
}

function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw new RangeError(`Cannot mix ${a.currency} and ${b.currency}`);
}

export function add(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return money(a.amount + b.amount, a.currency);
}

export function subtract(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return money(a.amount - b.amount, a.currency);
}

/** @throws RangeError unless `quantity` is a whole number. */
export function times(a: Money, quantity: number): Money {
  if (!Number.isSafeInteger(quantity)) throw new RangeError(`Not a whole quantity: ${quantity}`);
  return money(a.amount * quantity, a.currency);
}

export function sum(currency: Currency, parts: readonly Money[]): Money {
  return parts.reduce(add, money(0, currency));
}

/** Negative, zero or positive, as for sorting. */
export function compare(a: Money, b: Money): number {
  sameCurrency(a, b);
  return a.amount - b.amount;
}

/** Whether it is the same amount of the same currency. Other than `compare` it may be asked of two currencies. */
export function isSame(a: Money, b: Money): boolean {
  return a.currency === b.currency && a.amount === b.amount;
}

/** To a whole unit; of two equally near ones to the larger, away from zero. */
function rounded(numerator: bigint, denominator: bigint): bigint {
  const sign = numerator < 0n ? -1n : 1n;
  return (sign * (2n * numerator * sign + denominator)) / (2n * denominator);
}

/**
 * So many hundredths of a percent of an amount. Here and in `percentWithin` money is rounded, and nowhere else: to a
 * whole minor unit, halves away from zero. Exact for every safe integer before that.
 */
export function percent(whole: Money, basisPoints: number): Money {
  return money(Number(rounded(BigInt(whole.amount) * BigInt(basisPoints), 10_000n)), whole.currency);
}

/** The part of an amount that was put on top as so many hundredths of a percent: of 120.00 at 20 % it is 20.00. */
export function percentWithin(whole: Money, basisPoints: number): Money {
  const points = BigInt(basisPoints);
  return money(Number(rounded(BigInt(whole.amount) * points, 10_000n + points)), whole.currency);
}

/** Splits by weights without losing a unit (largest remainder; of equal remainders the first one gets it). */
export function allocate(whole: Money, weights: readonly number[]): Money[] {
  if (weights.some((weight) => !Number.isSafeInteger(weight) || weight < 0))
    throw new RangeError("Weights are whole numbers from 0");
  const total = weights.reduce((a, b) => a + BigInt(b), 0n);
  if (total === 0n) throw new RangeError("At least one weight must be positive");
  const sign = whole.amount < 0 ? -1n : 1n;
  const amount = BigInt(whole.amount) * sign;
  const shares = weights.map((weight, index) => {
    const product = amount * BigInt(weight);
    return { index, floor: product / total, remainder: product % total };
  });
  let left = amount - shares.reduce((a, share) => a + share.floor, 0n);
  const byRemainder = [...shares].sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
  );
  for (const share of byRemainder) {
    if (left === 0n) break;
    share.floor += 1n;
    left -= 1n;
  }
  return shares.map((share) => money(Number(share.floor * sign), whole.currency));
}

/**
 * What `count` of the `pieces` equal pieces of the whole come to; the first pieces get the odd units. Taken from what is
 * left each time, in whatever portions, they come to exactly the whole.
 *
 * @throws RangeError unless `count` is a whole number from 0 to `pieces`.
 */
export function portion(whole: Money, { count, pieces }: { count: number; pieces: number }): Money {
  if (!Number.isSafeInteger(count) || count < 0 || count > pieces)
    throw new RangeError(`Not a portion: ${count} of ${pieces}`);
  const shares = allocate(whole, Array<number>(pieces).fill(1));
  return sum(whole.currency, shares.slice(0, count));
}

/**
 * Reads a price as people write it ("1234.50"), exactly.
 * Returns undefined for anything else: signs, thousands separators, more decimals than the currency has.
 */
export function parseDecimal(text: string, currency: Currency): Money | undefined {
  const match = /^(\d{1,12})(?:\.(\d*))?$/.exec(text.trim());
  if (!match) return undefined;
  const places = decimals(currency);
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  if (fraction.length > places) return undefined;
  return money(Number(match[1] + fraction.padEnd(places, "0")), currency);
}

/** The amount as a plain decimal ("1234.50"), exactly: for CSV and for machines. */
export function toDecimal({ amount, currency }: Money): string {
  const places = decimals(currency);
  const digits = Math.abs(amount)
    .toString()
    .padStart(places + 1, "0");
  const sign = amount < 0 ? "-" : "";
  return places === 0 ? sign + digits : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** The amount for people ("€1,234.50"). Exact for every safe integer, since it goes through the decimal text. */
export function format(value: Money, locale = "en-IE"): string {
  return formatterOf(locale, value.currency).format(toDecimal(value) as Intl.StringNumericLiteral);
}

const formatters = new Map<string, Intl.NumberFormat>();

/** Making a formatter takes far longer than using it, and the checkout's page writes hundreds of amounts. */
function formatterOf(locale: string, currency: Currency): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(locale, { style: "currency", currency });
  formatters.set(key, made);
  return made;
}
