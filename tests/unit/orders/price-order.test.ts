import fc from "fast-check";
import { expect, test } from "vitest";
import { money } from "@/lib/money/money";
import { priceOrder } from "@/lib/orders/price-order";

const rule = { currency: "EUR", shippingAmount: 490, freeShippingFromAmount: 10_000 };
const line = (amount: number, quantity: number) => ({ unitPrice: money(amount, "EUR"), quantity });

test("shipping is free from the amount on, not before", () => {
  expect(priceOrder([line(9_999, 1)], rule).shipping.amount).toBe(490);
  expect(priceOrder([line(10_000, 1)], rule).shipping.amount).toBe(0);
  expect(priceOrder([line(100_000, 1)], { ...rule, freeShippingFromAmount: null }).shipping.amount).toBe(490);
});

test("the total is always the sum of its lines and the shipping", () => {
  const lines = fc.array(fc.record({ amount: fc.nat(1_000_000), quantity: fc.integer({ min: 1, max: 999 }) }));
  fc.assert(
    fc.property(lines, (given) => {
      const { lineTotals, subtotal, shipping, total } = priceOrder(
        given.map(({ amount, quantity }) => line(amount, quantity)),
        rule,
      );
      const expected = given.reduce((sum, { amount, quantity }) => sum + amount * quantity, 0);
      expect(subtotal.amount).toBe(expected);
      expect(lineTotals.reduce((sum, { amount }) => sum + amount, 0)).toBe(expected);
      expect(total.amount).toBe(expected + shipping.amount);
    }),
  );
});

test("prices in another currency are never added up", () => {
  expect(() => priceOrder([{ unitPrice: money(100, "USD"), quantity: 1 }], rule)).toThrow("Cannot mix");
});
