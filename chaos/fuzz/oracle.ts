// What an order costs, worked out by itself from docs/decisions/0008: nothing of lib is in here, and fractions are exact.

export type OracleLine = { unit: bigint; quantity: bigint; taxBasisPoints: bigint };
export type OracleDiscount =
  | { kind: "percent"; basisPoints: bigint }
  | { kind: "fixed_amount"; amount: bigint }
  | { kind: "free_shipping" };
export type OracleTerms = {
  taxIncluded: boolean;
  discount: OracleDiscount | null;
  shipping: { amount: bigint; freeFrom: bigint | null; taxBasisPoints: bigint };
};
export type OraclePrice = {
  subtotal: bigint;
  discount: bigint;
  shipping: bigint;
  shippingTax: bigint;
  tax: bigint;
  total: bigint;
  lines: { discount: bigint; tax: bigint; total: bigint }[];
};

/** To the nearest whole unit, halves up. Nothing here is negative. */
function nearest(numerator: bigint, denominator: bigint): bigint {
  const whole = numerator / denominator;
  return 2n * (numerator - whole * denominator) >= denominator ? whole + 1n : whole;
}

const sum = (parts: readonly bigint[]) => parts.reduce((a, b) => a + b, 0n);

export function oraclePrice(lines: readonly OracleLine[], terms: OracleTerms): OraclePrice {
  const goods = lines.map(({ unit, quantity }) => unit * quantity);
  const subtotal = sum(goods);
  const discount = discountOf(subtotal, terms.discount);
  const shares = largestRemainder(discount, goods);
  const priced = lines.map(({ taxBasisPoints }, index) => {
    const off = shares[index] ?? 0n;
    return { discount: off, ...withTax((goods[index] ?? 0n) - off, taxBasisPoints, terms.taxIncluded) };
  });
  const { amount, freeFrom, taxBasisPoints } = terms.shipping;
  const isFree = terms.discount?.kind === "free_shipping" || (freeFrom !== null && subtotal >= freeFrom);
  const parcel = withTax(isFree ? 0n : amount, taxBasisPoints, terms.taxIncluded);
  return {
    subtotal,
    discount,
    shipping: parcel.total,
    shippingTax: parcel.tax,
    tax: sum(priced.map(({ tax }) => tax)) + parcel.tax,
    total: sum(priced.map(({ total }) => total)) + parcel.total,
    lines: priced,
  };
}

function discountOf(subtotal: bigint, discount: OracleDiscount | null): bigint {
  if (discount?.kind === "percent") return nearest(subtotal * discount.basisPoints, 10_000n);
  if (discount?.kind === "fixed_amount") return discount.amount < subtotal ? discount.amount : subtotal;
  return 0n;
}

/** Each line its share rounded down; what is missing goes, a unit each, to where most was cut off, the first line first. */
function largestRemainder(whole: bigint, weights: readonly bigint[]): bigint[] {
  const all = sum(weights);
  if (whole === 0n || all === 0n) return weights.map(() => 0n);
  const shares = weights.map((weight) => (whole * weight) / all);
  const cutOff = weights.map((weight) => (whole * weight) % all);
  for (let missing = whole - sum(shares); missing > 0n; missing -= 1n) {
    let most = 0;
    for (const index of cutOff.keys()) if ((cutOff[index] ?? -1n) > (cutOff[most] ?? -1n)) most = index;
    shares[most] = (shares[most] ?? 0n) + 1n;
    cutOff[most] = -1n;
  }
  return shares;
}

function withTax(price: bigint, basisPoints: bigint, isIncluded: boolean): { tax: bigint; total: bigint } {
  // Of a price that contains it, the tax is price × rate / (1 + rate).
  if (isIncluded) return { tax: nearest(price * basisPoints, 10_000n + basisPoints), total: price };
  const tax = nearest(price * basisPoints, 10_000n);
  return { tax, total: price + tax };
}

/** Least and most that Stripe charges by card, in the smallest unit. https://docs.stripe.com/currencies */
const leastCharge: Readonly<Record<string, bigint>> = { GBP: 30n, SEK: 300n, DKK: 250n, NOK: 300n, PLN: 200n };
const mostCharge = 99_999_999n;
/** What a column of whole numbers holds. */
const mostStored = 2_147_483_647n;

/** Whether such an order can be had at all. Stripe takes three-decimal currencies in steps of ten. */
export function isPayable({ total, subtotal }: OraclePrice, currency: string): boolean {
  const isInSteps = currency !== "KWD" || total % 10n === 0n;
  return subtotal <= mostStored && total >= (leastCharge[currency] ?? 50n) && total <= mostCharge && isInSteps;
}

/** What so many of the pieces of a line come to that is left: an equal share each, the odd units with the first pieces. */
export function oraclePieces(whole: bigint, count: bigint, pieces: bigint): bigint {
  const odd = whole % pieces;
  return (whole / pieces) * count + (count < odd ? count : odd);
}
