import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Money, money } from "@/lib/money/money";
import { type OrderPrice, type PriceTerms, priceOrder } from "@/lib/orders/price-order";

const eur = (amount: number) => money(amount, "EUR");
const line = (amount: number, quantity = 1, taxBasisPoints = 0) => ({
  unitPrice: eur(amount),
  quantity,
  taxBasisPoints,
});
const terms = (changes: Partial<PriceTerms> = {}): PriceTerms => ({
  currency: "EUR",
  taxIncluded: true,
  discount: null,
  shipping: { amount: eur(490), freeFrom: eur(10_000), taxBasisPoints: 0 },
  ...changes,
});
const amounts = (parts: readonly Money[]) => parts.map(({ amount }) => amount);

test("shipping is free from the amount on, not before, and the amount is that before the discount", () => {
  const discount = { kind: "fixed_amount", amount: eur(5_000) } as const;

  expect(priceOrder([line(9_999)], terms()).shipping).toEqual(eur(490));
  expect(priceOrder([line(10_000)], terms()).shipping).toEqual(eur(0));
  expect(priceOrder([line(10_000)], terms({ discount })).shipping).toEqual(eur(0));
  expect(
    priceOrder([line(100_000)], terms({ shipping: { amount: eur(490), freeFrom: null, taxBasisPoints: 0 } })).shipping,
  ).toEqual(eur(490));
});

test("a percentage is taken of all goods at once, halves up, and its odd cents go to the largest remainders", () => {
  const discount = { kind: "percent", basisPoints: 1000 } as const;

  const { discount: off, lines } = priceOrder([line(333), line(334), line(338)], terms({ discount }));

  expect(off).toEqual(eur(101)); // 10 % of 10.05
  expect(amounts(lines.map((one) => one.discount))).toEqual([33, 34, 34]);
});

test("of equal remainders the first line gets the odd cent", () => {
  const discount = { kind: "fixed_amount", amount: eur(100) } as const;

  expect(
    amounts(priceOrder([line(500), line(500), line(500)], terms({ discount })).lines.map((l) => l.discount)),
  ).toEqual([34, 33, 33]);
});

test("a fixed amount takes off no more than the goods cost, and never the shipping", () => {
  const discount = { kind: "fixed_amount", amount: eur(5_000) } as const;

  const price = priceOrder([line(1_000), line(250, 2)], terms({ discount }));

  expect(price).toMatchObject({ discount: eur(1_500), shipping: eur(490), total: eur(490) });
  expect(amounts(price.lines.map(({ total }) => total))).toEqual([0, 0]);
});

test("free shipping takes nothing off the goods", () => {
  const price = priceOrder([line(1_000)], terms({ discount: { kind: "free_shipping" } }));

  expect(price).toMatchObject({ discount: eur(0), shipping: eur(0), total: eur(1_000) });
});

describe("tax", () => {
  test("is found in prices that include it, per line after the discount, halves up", () => {
    const discount = { kind: "percent", basisPoints: 1000 } as const;
    const shipping = { amount: eur(490), freeFrom: null, taxBasisPoints: 1900 };

    const price = priceOrder([line(1190, 1, 1900), line(107, 1, 700)], terms({ discount, shipping }));

    expect(amounts(price.lines.map(({ tax }) => tax))).toEqual([171, 6]); // of 10.71 and of 0.96
    expect(price).toMatchObject({ shippingTax: eur(78), tax: eur(255), shipping: eur(490), total: eur(1657) });
  });

  test("is added to prices that do not, and to shipping: both are paid with it", () => {
    const shipping = { amount: eur(490), freeFrom: null, taxBasisPoints: 2000 };

    const price = priceOrder([line(1000, 1, 2000), line(2, 1, 2500)], terms({ taxIncluded: false, shipping }));

    expect(amounts(price.lines.map(({ total }) => total))).toEqual([1200, 3]); // half a cent goes up
    expect(price).toMatchObject({ subtotal: eur(1002), shipping: eur(588), tax: eur(299), total: eur(1791) });
  });
});

test("without a destination there is neither shipping nor its tax", () => {
  expect(priceOrder([line(1_000)], terms({ shipping: null }))).toMatchObject({ shipping: eur(0), total: eur(1_000) });
});

test("prices in another currency are never added up", () => {
  const dollars = { unitPrice: money(100, "USD"), quantity: 1, taxBasisPoints: 0 };
  const discount = { kind: "fixed_amount", amount: money(1, "USD") } as const;

  expect(() => priceOrder([dollars], terms())).toThrow("Cannot mix");
  expect(() => priceOrder([line(100)], terms({ discount }))).toThrow("Cannot mix");
});

test("an amount that no safe integer holds is refused, and one that just fits is exact", () => {
  expect(() => priceOrder([line(9_007_199_254_741, 1000)], terms())).toThrow(RangeError);

  const discount = { kind: "percent", basisPoints: 3333 } as const;
  const large = priceOrder([line(9_007_199_254_740, 999, 1900)], terms({ discount }));

  expect(large.discount.amount).toBe(2_999_097_412_093_237);
  expect(large.lines[0]?.total.amount).toBe(5_999_094_643_392_023);
  expect(large.lines[0]?.tax.amount).toBe(957_838_640_541_584);
});

/** A fraction of whole numbers: the other way to count, which never rounds before it is told to. */
class Ratio {
  readonly over: bigint;
  readonly under: bigint;
  constructor(over: bigint, under = 1n) {
    this.over = over;
    this.under = under;
  }
  times(other: Ratio) {
    return new Ratio(this.over * other.over, this.under * other.under);
  }
  minus(other: Ratio) {
    return new Ratio(this.over * other.under - other.over * this.under, this.under * other.under);
  }
  isMoreThan(other: Ratio) {
    return this.over * other.under > other.over * this.under;
  }
  /** The largest whole number that is not more than this and a half. */
  halfUp() {
    return (2n * this.over + this.under) / (2n * this.under);
  }
}

type Case = {
  lines: { price: number; quantity: number; tax: number }[];
  taxIncluded: boolean;
  discount: { kind: "none" } | { kind: "free_shipping" } | { kind: "percent" | "fixed_amount"; value: number };
  shipping: { amount: number; freeFrom: number | null; tax: number };
};

/** Hands out one unit after the other, to whoever is owed the most at that moment; of equals to the first. */
function handOut(whole: bigint, weights: bigint[]): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  const parts = weights.map((weight) => (sum === 0n ? 0n : (whole * weight) / sum));
  const owed = (index: number) =>
    new Ratio(whole).times(new Ratio(weights[index] ?? 0n, sum)).minus(new Ratio(parts[index] ?? 0n));
  for (let left = whole - parts.reduce((a, b) => a + b, 0n); left > 0n; left--) {
    let most = 0;
    for (let index = 1; index < parts.length; index++) if (owed(index).isMoreThan(owed(most))) most = index;
    parts[most] = (parts[most] ?? 0n) + 1n;
  }
  return parts;
}

/** The price of a case, counted by means of its own. */
function countAgain({ lines, taxIncluded, discount, shipping }: Case) {
  const subtotals = lines.map(({ price, quantity }) => BigInt(price) * BigInt(quantity));
  const subtotal = subtotals.reduce((a, b) => a + b, 0n);
  let off = 0n;
  if (discount.kind === "percent") off = new Ratio(subtotal).times(new Ratio(BigInt(discount.value), 10_000n)).halfUp();
  if (discount.kind === "fixed_amount") off = BigInt(discount.value) > subtotal ? subtotal : BigInt(discount.value);
  const taxOf = (amount: bigint, points: number) =>
    new Ratio(amount).times(new Ratio(BigInt(points), 10_000n + (taxIncluded ? BigInt(points) : 0n))).halfUp();
  const withTax = (amount: bigint, points: number) => {
    const tax = taxOf(amount, points);
    return { tax, total: taxIncluded ? amount : amount + tax };
  };
  const shares = handOut(off, subtotals);
  const counted = lines.map((one, index) => ({
    discount: shares[index] ?? 0n,
    ...withTax((subtotals[index] ?? 0n) - (shares[index] ?? 0n), one.tax),
  }));
  const isFree =
    discount.kind === "free_shipping" || (shipping.freeFrom !== null && subtotal >= BigInt(shipping.freeFrom));
  const sent = withTax(isFree ? 0n : BigInt(shipping.amount), shipping.tax);
  return {
    lines: counted,
    discount: off,
    shipping: sent.total,
    tax: counted.reduce((sum, { tax }) => sum + tax, sent.tax),
    total: counted.reduce((sum, one) => sum + one.total, sent.total),
  };
}

const points = fc.oneof(fc.constantFrom(0, 700, 1900, 2000), fc.integer({ min: 0, max: 10_000 }));
const cases: fc.Arbitrary<Case> = fc.record({
  lines: fc.array(
    fc.record({
      price: fc.oneof(fc.nat(50), fc.nat(100_000), fc.nat(2_147_483_647)),
      quantity: fc.integer({ min: 1, max: 999 }),
      tax: points,
    }),
    { maxLength: 12 },
  ),
  taxIncluded: fc.boolean(),
  discount: fc.oneof(
    fc.record({ kind: fc.constant("none" as const) }),
    fc.record({ kind: fc.constant("free_shipping" as const) }),
    fc.record({ kind: fc.constant("percent" as const), value: fc.integer({ min: 1, max: 10_000 }) }),
    fc.record({
      kind: fc.constant("fixed_amount" as const),
      value: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 2_147_483_647 })),
    }),
  ),
  shipping: fc.record({ amount: fc.nat(5_000), freeFrom: fc.option(fc.nat(200_000)), tax: points }),
});

function termsOf(discount: Case["discount"]): PriceTerms["discount"] {
  switch (discount.kind) {
    case "none":
      return null;
    case "free_shipping":
      return { kind: "free_shipping" };
    case "percent":
      return { kind: "percent", basisPoints: discount.value };
    case "fixed_amount":
      return { kind: "fixed_amount", amount: eur(discount.value) };
  }
}

function priceOf({ lines, taxIncluded, discount, shipping }: Case): OrderPrice {
  return priceOrder(
    lines.map(({ price, quantity, tax }) => line(price, quantity, tax)),
    {
      currency: "EUR",
      taxIncluded,
      discount: termsOf(discount),
      shipping: {
        amount: eur(shipping.amount),
        freeFrom: shipping.freeFrom === null ? null : eur(shipping.freeFrom),
        taxBasisPoints: shipping.tax,
      },
    },
  );
}

test("every amount is the one that fractions of whole numbers give", () => {
  fc.assert(
    fc.property(cases, (given) => {
      const { lines, discount, shipping, tax, total } = priceOf(given);

      expect({
        lines: lines.map((one) => ({
          discount: BigInt(one.discount.amount),
          tax: BigInt(one.tax.amount),
          total: BigInt(one.total.amount),
        })),
        discount: BigInt(discount.amount),
        shipping: BigInt(shipping.amount),
        tax: BigInt(tax.amount),
        total: BigInt(total.amount),
      }).toEqual(countAgain(given));
    }),
    { numRuns: 500 },
  );
});

test("the lines and the shipping are exactly the total, and nothing is ever below zero or discounted beyond its price", () => {
  fc.assert(
    fc.property(cases, (given) => {
      const { lines, subtotal, discount, shipping, shippingTax, total } = priceOf(given);

      const sum = (parts: readonly Money[]) => amounts(parts).reduce((a, b) => a + b, 0);
      expect(sum(lines.map((one) => one.total)) + shipping.amount).toBe(total.amount);
      expect(sum(lines.map((one) => one.subtotal))).toBe(subtotal.amount);
      expect(sum(lines.map((one) => one.discount))).toBe(discount.amount);
      for (const one of lines) {
        expect(one.discount.amount).toBeGreaterThanOrEqual(0);
        expect(one.discount.amount).toBeLessThanOrEqual(one.subtotal.amount);
        expect(one.tax.amount).toBeLessThanOrEqual(one.total.amount);
      }
      expect(shippingTax.amount).toBeLessThanOrEqual(shipping.amount);
    }),
  );
});
