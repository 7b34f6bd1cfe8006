import { expect, test } from "vitest";
import { orderExplanation } from "@/components/order-words";

const cancelled = {
  status: "cancelled",
  paymentStatus: "paid",
  refundStatus: "none",
  email: "ada@example.com",
  cancelReason: "Out of clay.",
} as const;

test("who cancelled what was paid reads that the money comes back, and when it has", () => {
  expect(orderExplanation(cancelled)).toBe("Out of clay. What you paid is sent back to the card you used.");
  expect(orderExplanation({ ...cancelled, refundStatus: "full" })).toContain("What you paid was sent back");
});

test("an order that was cancelled before it was charged says nothing of money that comes back", () => {
  const unpaid = { ...cancelled, paymentStatus: "unpaid" } as const;

  expect(orderExplanation(unpaid)).toBe("Out of clay.");
  expect(orderExplanation({ ...unpaid, cancelReason: null })).toBe(
    "The order was cancelled. You have not been charged.",
  );
});
