import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newId, type OrderLineId } from "@/lib/ids";
import { add, money, subtract, sum } from "@/lib/money/money";
import { RefundRefusedError } from "@/lib/orders/errors";
import {
  planAmount,
  planPieces,
  planRest,
  planReturned,
  type Refundable,
  type RefundPlan,
} from "@/lib/orders/plan-refund";

const euros = (amount: number) => money(amount, "EUR");

/** Lines of so many pieces at such a price together, and the shipping. */
function paid(lines: [pieces: number, amount: number][], shipping: number): Refundable {
  return {
    amount: euros(lines.reduce((total, [, amount]) => total + amount, shipping)),
    shipping: euros(shipping),
    lines: lines.map(([pieces, amount], index) => ({
      orderLineId: newId("orderLine"),
      title: `Line ${index + 1}`,
      pieces,
      amount: euros(amount),
    })),
  };
}

const idOf = (left: Refundable, index = 0) => left.lines[index]?.orderLineId as OrderLineId;
const piecesOf = (left: Refundable, quantity: number, index = 0) => [{ orderLineId: idOf(left, index), quantity }];

/** What is left after a plan was carried out. */
function leftAfter(left: Refundable, plan: RefundPlan): Refundable {
  return {
    amount: subtract(left.amount, plan.amount),
    shipping: subtract(left.shipping, plan.shipping),
    lines: left.lines.map((line) => {
      const part = plan.lines.find(({ orderLineId }) => orderLineId === line.orderLineId);
      if (!part) return line;
      return { ...line, pieces: line.pieces - part.quantity, amount: subtract(line.amount, part.amount) };
    }),
  };
}

const partsOf = (plan: RefundPlan) =>
  add(
    sum(
      "EUR",
      plan.lines.map(({ amount }) => amount),
    ),
    plan.shipping,
  );

describe("a plan to refund", () => {
  test("pieces cost what was paid for them, with the shipping if wanted", () => {
    const left = paid([[3, 1000]], 490);

    const plan = planPieces(left, { pieces: piecesOf(left, 1), withShipping: true });

    expect(plan).toMatchObject({ amount: euros(334 + 490), shipping: euros(490), lines: [{ amount: euros(334) }] });
  });

  test("more pieces, or more money, than are left is refused in words", () => {
    const left = paid([[3, 1000]], 0);
    const half = leftAfter(left, planPieces(left, { pieces: piecesOf(left, 2), withShipping: false }));
    const none = leftAfter(half, planRest(half));

    expect(() => planPieces(half, { pieces: piecesOf(left, 2), withShipping: false })).toThrow(
      "Only 1 of Line 1 can still be refunded, not 2.",
    );
    expect(() => planAmount(half, euros(334))).toThrow("Only €3.33 can still be refunded, not €3.34.");
    expect(() => planAmount(half, euros(0))).toThrow(RefundRefusedError);
    expect(() => planAmount(half, euros(-1))).toThrow(RefundRefusedError);
    expect(() => planAmount(half, money(1, "USD"))).toThrow("paid in EUR");
    expect(() => planRest(none)).toThrow(RefundRefusedError);
    expect(() => planPieces(left, { pieces: piecesOf(paid([[1, 1]], 0), 1), withShipping: false })).toThrow(
      "not of this order",
    );
  });

  test("a line that is named twice counts as the sum of both", () => {
    const left = paid([[3, 1000]], 0);
    const twice = (quantity: number) => [...piecesOf(left, quantity), ...piecesOf(left, quantity)];

    expect(planReturned(left, twice(1))).toMatchObject({ amount: euros(667), lines: [{ quantity: 2 }] });
    expect(planReturned(left, twice(2))).toMatchObject({ amount: euros(1000), lines: [{ quantity: 3 }] });
    expect(() => planPieces(left, { pieces: twice(2), withShipping: false })).toThrow("not 4");
  });

  test("goods that come back are refunded for at most what is left, and not twice", () => {
    const left = paid([[2, 2000]], 490);
    const goodwill = leftAfter(left, planAmount(left, euros(1490)));
    const refunded = leftAfter(left, planPieces(left, { pieces: piecesOf(left, 1), withShipping: false }));

    expect(planReturned(left, piecesOf(left, 2)).amount).toEqual(euros(2000));
    expect(planReturned(goodwill, piecesOf(left, 2)).amount).toEqual(euros(1000));
    expect(planReturned(refunded, piecesOf(left, 2))).toMatchObject({ amount: euros(1000), lines: [{ quantity: 1 }] });
  });

  test("however an order is refunded, it never exceeds what was paid, and the rest comes to exactly it", () => {
    const lines = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(100_000)), { minLength: 1, maxLength: 5 });
    const steps = fc.array(fc.tuple(fc.nat(3), fc.nat(8), fc.nat(50_000)), { maxLength: 12 });
    fc.assert(
      fc.property(lines, fc.nat(5_000), steps, (bought, shipping, wishes) => {
        let left = paid(bought, shipping);
        const given: RefundPlan[] = [];
        for (const [kind, index, amount] of wishes) {
          const pieces = piecesOf(left, 1 + (index % 3), index % bought.length);
          try {
            const plan =
              kind === 0
                ? planAmount(left, euros(amount))
                : kind === 3
                  ? planReturned(left, pieces)
                  : planPieces(left, { pieces, withShipping: kind === 2 });
            if (kind !== 0) expect(partsOf(plan)).toEqual(plan.amount);
            given.push(plan);
            left = leftAfter(left, plan);
          } catch (error) {
            expect(error).toBeInstanceOf(RefundRefusedError);
          }
          expect(left.amount.amount).toBeGreaterThanOrEqual(0);
          for (const line of left.lines) expect(Math.min(line.pieces, line.amount.amount)).toBeGreaterThanOrEqual(0);
        }
        if (left.amount.amount > 0) given.push(planRest(left));
        const total = sum(
          "EUR",
          given.map(({ amount }) => amount),
        );
        expect(total).toEqual(paid(bought, shipping).amount);
      }),
    );
  });
});
