import { expect, test } from "vitest";
import { AddToCartInput, Quantity } from "@/lib/cart/schema";
import { newId } from "@/lib/ids";

const sentence = "The quantity must be a whole number from 1 to 999.";

test.each([1, 999, "1", " 12 "])("%j is a quantity", (value) => {
  expect(Quantity.parse(value)).toBe(Number(value));
});

test.each([0, -1, 1.5, 1e9, 1000, Number.NaN, "0", "-1", "1.5", "1e9", "", "two", null, undefined, true, [1]])(
  "%j is refused with one clear sentence",
  (value) => {
    const parsed = Quantity.safeParse(value);

    expect(parsed.error?.issues.map(({ message }) => message)).toEqual([sentence]);
  },
);

test("a price sent with an item is dropped", () => {
  const input = { variantId: newId("variant"), quantity: "2" };

  expect(AddToCartInput.parse({ ...input, price: 1, priceAmount: 1 })).toEqual({ ...input, quantity: 2 });
});
