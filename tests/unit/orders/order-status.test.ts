import { expect, test } from "vitest";
import { OrderStatus, PaymentStatus } from "@/lib/db/generated/enums";
import { allowedOrders, canPerform, type OrderAction, orderActions } from "@/lib/orders/order-status";

const actions = Object.keys(orderActions) as OrderAction[];
const states = Object.values(OrderStatus).flatMap((status) =>
  Object.values(PaymentStatus).map((paymentStatus) => ({ status, paymentStatus })),
);

test("the button and the guard never disagree", () => {
  for (const action of actions)
    for (const state of states) {
      const guard = allowedOrders(action);
      const isAllowed = guard.status.in.includes(state.status) && guard.paymentStatus.in.includes(state.paymentStatus);
      expect(canPerform(action, state), `${action} of ${JSON.stringify(state)}`).toBe(isAllowed);
    }
});

test("what was charged can only go forward, or be refunded", () => {
  for (const state of states.filter(({ paymentStatus }) => paymentStatus === "paid")) {
    const allowed = actions.filter((action) => canPerform(action, state));
    expect(["fulfil", "ship", "deliver", "return", "refund", "cancelPaid", "cancelOwn"]).toEqual(
      expect.arrayContaining(allowed),
    );
  }
});

test("nothing is charged, packed or shipped once an order is over", () => {
  for (const status of ["cancelled", "delivered"] as const)
    for (const paymentStatus of Object.values(PaymentStatus))
      for (const action of ["pay", "confirm", "reopen", "fulfil", "ship", "cancel", "cancelPaid", "cancelOwn"] as const)
        expect(canPerform(action, { status, paymentStatus })).toBe(false);
});

test("a saved card is refused, or its shopper asked, only while nothing has been paid", () => {
  for (const action of ["decline", "askShopper"] as const)
    expect(states.filter((state) => canPerform(action, state))).toEqual([
      { status: "pending", paymentStatus: "unpaid" },
    ]);
});
