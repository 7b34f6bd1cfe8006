import { describe, expect, test } from "vitest";
import { newId } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { ReceiveReturnInput, RefundOrderInput, RequestReturnInput } from "@/lib/orders/schema";

const orderId = newId("order");
const [mug, brush] = [newId("orderLine"), newId("orderLine")];

describe("the refund form", () => {
  const form = { orderId, currency: "EUR", reason: "other", note: "" };

  test("all that is left needs nothing else", () => {
    const typed = { ...form, kind: "rest", amount: "", [`pieces.${mug}`]: "0" };

    expect(RefundOrderInput.parse(typed)).toEqual({
      orderId,
      wish: { kind: "rest" },
      reason: "other",
      note: undefined,
    });
  });

  test("an amount is read exactly, in the currency of the order", () => {
    expect(RefundOrderInput.parse({ ...form, kind: "amount", amount: "12.5", note: " Scratched. " })).toMatchObject({
      wish: { kind: "amount", amount: money(1250, "EUR") },
      note: "Scratched.",
    });
    for (const amount of ["", "12,50", "-1", "0.001", "many", undefined])
      expect(RefundOrderInput.safeParse({ ...form, kind: "amount", amount }).error?.issues).toMatchObject([
        { path: ["amount"], message: "Enter an amount such as 12.50." },
      ]);
  });

  test("pieces are taken from the fields of their lines, and what belongs to another choice is not", () => {
    const typed = { ...form, kind: "pieces", amount: "nonsense", [`pieces.${mug}`]: "2", [`pieces.${brush}`]: "" };

    expect(RefundOrderInput.parse({ ...typed, withShipping: "on" }).wish).toEqual({
      kind: "pieces",
      pieces: [
        { orderLineId: mug, quantity: 2 },
        { orderLineId: brush, quantity: 0 },
      ],
      withShipping: true,
    });
    expect(RefundOrderInput.parse(typed).wish).toMatchObject({ withShipping: false });
  });

  test("odd fields are refused", () => {
    const wrong = [
      { kind: "everything" },
      { kind: "rest", reason: "return" },
      { kind: "rest", currency: "XXX" },
      { kind: "pieces", [`pieces.${mug}`]: "-1" },
      { kind: "pieces", [`pieces.${mug}`]: "1.5" },
      { kind: "pieces", "pieces.ord_1": "1" },
    ];
    for (const fields of wrong) expect(RefundOrderInput.safeParse({ ...form, ...fields }).success).toBe(false);
  });
});

test("a return names its pieces and why", () => {
  const typed = { orderId, reason: "Too\nsmall", [`pieces.${mug}`]: "1" };

  expect(RequestReturnInput.parse(typed)).toEqual({
    orderId,
    reason: "Too small",
    lines: [{ orderLineId: mug, quantity: 1 }],
  });
  expect(RequestReturnInput.safeParse({ ...typed, reason: " " }).success).toBe(false);
});

test("what arrived and what goes back on the shelf are joined by line", () => {
  const returnId = newId("return");
  const typed = { orderId, returnId, [`received.${mug}`]: "3", [`restocked.${mug}`]: "1", [`received.${brush}`]: "1" };

  expect(ReceiveReturnInput.parse(typed)).toEqual({
    orderId,
    returnId,
    lines: [
      { orderLineId: mug, received: 3, restocked: 1 },
      { orderLineId: brush, received: 1, restocked: 0 },
    ],
  });
});
