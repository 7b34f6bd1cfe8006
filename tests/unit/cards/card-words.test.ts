import { expect, test } from "vitest";
import { cardExpiry, cardName, isCardExpired } from "@/lib/cards/card-words";

test("a card is called what is printed on it", () => {
  expect(cardName({ brand: "visa", last4: "4242" })).toBe("Visa ending 4242");
  expect(cardName({ brand: "amex", last4: "0005" })).toBe("American Express ending 0005");
  expect(cardName({ brand: "unknown", last4: "1234" })).toBe("Card ending 1234");
  expect(cardExpiry({ expMonth: 4, expYear: 2027 })).toBe("04/27");
  expect(cardExpiry({ expMonth: 12, expYear: 2100 })).toBe("12/00");
});

test("a card is good until its month is over everywhere", () => {
  const card = { expMonth: 11, expYear: 2026 };

  expect(isCardExpired(card, new Date("2026-11-30T23:59:59Z"))).toBe(false);
  expect(isCardExpired(card, new Date("2026-12-01T11:59:59Z"))).toBe(false);
  expect(isCardExpired(card, new Date("2026-12-01T12:00:00Z"))).toBe(true);
  expect(isCardExpired({ expMonth: 12, expYear: 2026 }, new Date("2026-12-31T00:00:00Z"))).toBe(false);
});
