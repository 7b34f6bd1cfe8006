import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  allocate,
  compare,
  decimals,
  format,
  isSame,
  money,
  parseDecimal,
  percent,
  percentWithin,
  portion,
  subtract,
  sum,
  times,
  toDecimal,
} from "@/lib/money/money";

const amounts = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
const currencies = fc.constantFrom("EUR", "JPY", "KWD");

describe("money", () => {
  test("refuses fractions, unsafe integers and unknown currencies", () => {
    expect(() => money(19.99, "EUR")).toThrow(RangeError);
    expect(() => money(2 ** 53, "EUR")).toThrow(RangeError);
    expect(() => money(1, "XXX")).toThrow(/Unknown currency/);
    expect(() => money(1, "toString")).toThrow(/Unknown currency/);
  });

  test("are the same where amount and currency are", () => {
    expect(isSame(money(1, "EUR"), money(1, "EUR"))).toBe(true);
    expect(isSame(money(1, "EUR"), money(2, "EUR"))).toBe(false);
    expect(isSame(money(1, "EUR"), money(1, "USD"))).toBe(false);
  });

  test("mixing currencies throws", () => {
    expect(() => add(money(1, "EUR"), money(1, "USD"))).toThrow(/Cannot mix/);
    expect(() => compare(money(1, "EUR"), money(1, "USD"))).toThrow(/Cannot mix/);
  });

  test("subtracting undoes adding", () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        expect(subtract(add(money(a, "EUR"), money(b, "EUR")), money(b, "EUR"))).toEqual(money(a, "EUR"));
      }),
    );
  });

  test("a quantity must be whole", () => {
    expect(() => times(money(100, "EUR"), 1.5)).toThrow(RangeError);
    expect(times(money(1999, "EUR"), 3)).toEqual(money(5997, "EUR"));
  });
});

describe("allocate", () => {
  test("gives the odd cents to the largest remainders, the first of equals first", () => {
    expect(allocate(money(100, "EUR"), [1, 1, 1]).map((part) => part.amount)).toEqual([34, 33, 33]);
    expect(allocate(money(101, "EUR"), [1, 2]).map((part) => part.amount)).toEqual([34, 67]);
  });

  test("the parts always add up to the whole, and none is off by a unit or more", () => {
    const weights = fc
      .array(fc.nat(1_000_000), { minLength: 1, maxLength: 20 })
      .filter((all) => all.some((w) => w > 0));
    fc.assert(
      fc.property(amounts, weights, (amount, parts) => {
        const whole = money(amount, "EUR");
        const shares = allocate(whole, parts);
        const total = parts.reduce((a, b) => a + b, 0);
        expect(sum("EUR", shares)).toEqual(whole);
        shares.forEach((share, i) => {
          expect(Math.abs(share.amount - (amount * (parts[i] ?? 0)) / total)).toBeLessThan(1);
        });
      }),
    );
  });

  test("refuses weights that cannot share", () => {
    expect(() => allocate(money(1, "EUR"), [0, 0])).toThrow(RangeError);
    expect(() => allocate(money(1, "EUR"), [-1, 2])).toThrow(RangeError);
  });
});

describe("portion", () => {
  test("gives the odd cents to the pieces that are taken first", () => {
    expect(portion(money(100, "EUR"), { count: 1, pieces: 3 })).toEqual(money(34, "EUR"));
    expect(portion(money(100, "EUR"), { count: 2, pieces: 3 })).toEqual(money(67, "EUR"));
    expect(portion(money(100, "EUR"), { count: 3, pieces: 3 })).toEqual(money(100, "EUR"));
    expect(portion(money(100, "EUR"), { count: 0, pieces: 3 })).toEqual(money(0, "EUR"));
  });

  test("more pieces than there are, half a piece or a piece of nothing is refused", () => {
    for (const odd of [
      { count: 4, pieces: 3 },
      { count: -1, pieces: 3 },
      { count: 0.5, pieces: 3 },
    ])
      expect(() => portion(money(100, "EUR"), odd)).toThrow(RangeError);
    expect(() => portion(money(100, "EUR"), { count: 0, pieces: 0 })).toThrow(RangeError);
  });

  test("taken from what is left, in whatever portions, they come to exactly the whole", () => {
    const portions = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.nat(1_000_000_000), portions, (amount, counts) => {
        const whole = money(amount, "EUR");
        let left = { money: whole, pieces: counts.reduce((a, b) => a + b) };
        const taken = counts.map((count) => {
          const part = portion(left.money, { count, pieces: left.pieces });
          left = { money: subtract(left.money, part), pieces: left.pieces - count };
          return part;
        });
        expect(sum("EUR", taken)).toEqual(whole);
        expect(left.money.amount).toBe(0);
      }),
    );
  });

  test("pieces taken one by one cost what they cost together, and none is off by a unit", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000_000), fc.integer({ min: 1, max: 60 }), fc.nat(60), (amount, pieces, wanted) => {
        const count = Math.min(wanted, pieces);
        let left = money(amount, "EUR");
        for (let taken = 0; taken < count; taken++) {
          const one = portion(left, { count: 1, pieces: pieces - taken });
          expect(Math.abs(one.amount - amount / pieces)).toBeLessThan(1);
          left = subtract(left, one);
        }
        expect(subtract(money(amount, "EUR"), left)).toEqual(portion(money(amount, "EUR"), { count, pieces }));
      }),
    );
  });
});

describe("decimal text", () => {
  test("an amount survives being written and read, in every currency", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000_000), currencies, (amount, currency) => {
        const value = money(amount, currency);
        expect(parseDecimal(toDecimal(value), value.currency)).toEqual(value);
      }),
    );
  });

  test("has as many decimals as the currency", () => {
    expect(toDecimal(money(5, "EUR"))).toBe("0.05");
    expect(toDecimal(money(-1234, "EUR"))).toBe("-12.34");
    expect(toDecimal(money(1234, "JPY"))).toBe("1234");
    expect(toDecimal(money(1234, "KWD"))).toBe("1.234");
    expect(decimals("KWD")).toBe(3);
  });

  test.each(["", "12,50", "1.234,5", "-3", "+3", "1e3", "0x10", "12.345", " ", "٣"])("refuses %j", (text) => {
    expect(parseDecimal(text, "EUR")).toBeUndefined();
  });

  test("is exact where floating point is not", () => {
    expect(parseDecimal("1.15", "EUR")).toEqual(money(115, "EUR"));
    expect(parseDecimal("90071992547.41", "EUR")).toEqual(money(9007199254741, "EUR"));
    expect(parseDecimal("10.10000", "EUR")).toEqual(money(1010, "EUR"));
  });

  test("is shown with its currency", () => {
    expect(format(money(123450, "EUR"))).toBe("€1,234.50");
    expect(format(money(1234, "JPY"), "en-US")).toBe("¥1,234");
  });
});

describe("percent and percentWithin", () => {
  test("round to a whole unit, halves away from zero", () => {
    expect(percent(money(50, "EUR"), 100).amount).toBe(1);
    expect(percent(money(49, "EUR"), 100).amount).toBe(0);
    expect(percent(money(-50, "EUR"), 100).amount).toBe(-1);
    expect(percentWithin(money(3, "EUR"), 2000).amount).toBe(1);
    expect(percentWithin(money(2, "EUR"), 2000).amount).toBe(0);
    expect(percentWithin(money(-3, "EUR"), 2000).amount).toBe(-1);
  });

  test("are exact where the product is beyond what a number holds", () => {
    expect(percent(money(9_007_199_254_740_991, "EUR"), 9999).amount).toBe(9_006_298_534_815_517);
    expect(percentWithin(money(9_007_199_254_740_991, "EUR"), 10_000).amount).toBe(4_503_599_627_370_496);
  });

  test("the percentage put on top is the one found within", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), fc.integer({ min: 0, max: 10_000 }), (amount, points) => {
        const tax = percent(money(amount, "EUR"), points);
        expect(percentWithin(add(money(amount, "EUR"), tax), points)).toEqual(tax);
      }),
    );
  });
});
