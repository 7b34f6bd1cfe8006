import { describe, expect, test } from "vitest";
import { Random } from "@/chaos/random";
import type { OrderLineId } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { type RefundTax, refundTax, type Taxed, type TaxedPart, type TaxLeft } from "@/lib/orders/refund-tax";

type Parts = { shipping: number; lines: Record<string, number>; plain?: number };

function planOf({ shipping, lines, plain = 0 }: Parts) {
  const ofLines = Object.values(lines).reduce((sum, amount) => sum + amount, 0);
  return {
    amount: money(shipping + ofLines + plain, "EUR"),
    shipping: money(shipping, "EUR"),
    lines: Object.entries(lines).map(([id, amount]) => ({
      orderLineId: id as OrderLineId,
      quantity: 1,
      amount: money(amount, "EUR"),
    })),
  };
}

/** An order of which nothing is refunded yet. */
function order(shipping: Taxed, lines: Record<string, Taxed>): TaxLeft {
  const untouched = (whole: Taxed): TaxedPart => ({ whole, rest: { ...whole } });
  const all = [shipping, ...Object.values(lines)];
  return {
    rest: { amount: all.reduce((sum, one) => sum + one.amount, 0), tax: all.reduce((sum, one) => sum + one.tax, 0) },
    shipping: untouched(shipping),
    lines: new Map(Object.entries(lines).map(([id, whole]) => [id, untouched(whole)])),
  };
}

/** What is left once a refund was promised. */
function without(left: TaxLeft, parts: Parts, given: RefundTax): TaxLeft {
  const less = ({ amount, tax }: Taxed, money: number, ofIt: number) => ({ amount: amount - money, tax: tax - ofIt });
  const taxOf = new Map<string, number>(given.lines.map(({ orderLineId, tax }) => [orderLineId, tax]));
  return {
    rest: less(left.rest, planOf(parts).amount.amount, given.tax),
    shipping: { ...left.shipping, rest: less(left.shipping.rest, parts.shipping, given.shippingTax) },
    lines: new Map(
      [...left.lines].map(([id, part]) => [
        id,
        { ...part, rest: less(part.rest, parts.lines[id] ?? 0, taxOf.get(id) ?? 0) },
      ]),
    ),
  };
}

describe("the tax in a refund", () => {
  const book = { amount: 1_100, tax: 100 };
  const hammer = { amount: 2_400, tax: 400 };
  const whole = order({ amount: 600, tax: 100 }, { book, hammer });

  test("of a line is the line's own, whatever the rate of the others", () => {
    expect(refundTax(whole, planOf({ shipping: 0, lines: { book: 1_100 } })).tax).toBe(100);
    expect(refundTax(whole, planOf({ shipping: 0, lines: { hammer: 1_200 } })).tax).toBe(200);
  });

  test("of a plain amount is in proportion to the order", () => {
    expect(refundTax(whole, planOf({ shipping: 0, lines: {}, plain: 410 })).tax).toBe(60);
  });

  test("tells the shipping's and each line's apart", () => {
    expect(refundTax(whole, planOf({ shipping: 600, lines: { book: 1_100, hammer: 2_400 } }))).toEqual({
      tax: 600,
      shippingTax: 100,
      lines: [
        { orderLineId: "book", tax: 100 },
        { orderLineId: "hammer", tax: 400 },
      ],
    });
  });

  test("is nothing where the order has none", () => {
    const free = order({ amount: 500, tax: 0 }, { book: { amount: 900, tax: 0 } });
    expect(refundTax(free, planOf({ shipping: 500, lines: { book: 900 } })).tax).toBe(0);
  });
});

test("refunded piece by piece, in any mix, is the whole to the cent, and no refund has more tax than money", () => {
  const random = new Random(7);
  for (let n = 0; n < 5_000; n++) {
    const taxed = (amountMax: number): Taxed => {
      const amount = random.between(0, amountMax);
      return { amount, tax: random.between(0, random.between(0, 3) === 0 ? amount : Math.floor(amount / 5)) };
    };
    const ids = Array.from({ length: random.between(1, 4) }, (_, index) => `line_${index}`);
    const scale = [3, 50, 10_000][random.between(0, 2)] as number;
    let left = order(taxed(scale), Object.fromEntries(ids.map((id) => [id, taxed(scale)])));
    const { tax: taxTotal } = left.rest;
    let given = 0;
    while (left.rest.amount > 0) {
      const parts = anyPart(random, left);
      const tax = refundTax(left, planOf(parts));

      const amount = planOf(parts).amount.amount;
      const ofParts = tax.shippingTax + tax.lines.reduce((sum, line) => sum + line.tax, 0);
      expect([tax.tax, tax.shippingTax, ...tax.lines.map((line) => line.tax)].every((one) => one >= 0)).toBe(true);
      expect(tax.tax).toBeLessThanOrEqual(amount);
      expect(ofParts).toBeLessThanOrEqual(tax.tax);
      expect(tax.shippingTax).toBeLessThanOrEqual(parts.shipping);
      for (const line of tax.lines) expect(line.tax).toBeLessThanOrEqual(parts.lines[line.orderLineId] ?? 0);
      given += tax.tax;
      left = without(left, parts, tax);
    }
    expect(given).toBe(taxTotal);
    expect(left.rest.tax).toBe(0);
  }
});

/** Some of what is left, or all of it; never more than the order's rest, as refunds are planned. */
function anyPart(random: Random, left: TaxLeft): Parts {
  const isLast = random.between(0, 4) === 0;
  let room = left.rest.amount;
  const some = (most: number) => {
    const amount = Math.min(room, isLast ? most : random.between(0, most));
    room -= amount;
    return amount;
  };
  const isPlain = random.between(0, 2) === 0;
  if (isPlain) return { shipping: 0, lines: {}, plain: isLast ? room : random.between(1, room) };
  const lines: Record<string, number> = {};
  for (const [id, { rest }] of left.lines) {
    const amount = some(rest.amount);
    if (amount > 0) lines[id] = amount;
  }
  const shipping = some(left.shipping.rest.amount);
  const isNothing = shipping === 0 && Object.keys(lines).length === 0;
  return isNothing ? { shipping: 0, lines: {}, plain: left.rest.amount } : { shipping, lines };
}
