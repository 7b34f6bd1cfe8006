import { expect, test } from "vitest";
import { money } from "@/lib/money/money";
import { canBeCharged } from "@/lib/payments/can-be-charged";

test("between Stripe's least and most for a card", () => {
  const answers = [49, 50, 99_999_999, 100_000_000].map((amount) => canBeCharged(money(amount, "EUR")));

  expect(answers).toEqual([false, true, true, false]);
  expect(canBeCharged(money(299, "SEK"))).toBe(false);
});

test("three-decimal currencies in the steps of ten that Stripe takes, others in any", () => {
  expect(canBeCharged(money(5_124, "KWD"))).toBe(false);
  expect(canBeCharged(money(5_120, "KWD"))).toBe(true);
  expect(canBeCharged(money(5_124, "JPY"))).toBe(true);
});
