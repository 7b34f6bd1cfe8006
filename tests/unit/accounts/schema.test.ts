import { expect, test } from "vitest";
import { RegisterInput, SignInInput } from "@/lib/accounts/schema";
import { PlaceOrderInput } from "@/lib/orders/schema";

const schemas = { RegisterInput, SignInInput, PlaceOrderInput };
const fields = ["email", "name", "password", "line1", "city", "postalCode", "country", "payWith", "keepCard"];

test.each(Object.entries(schemas))("%s refuses what is no text in words for people", (_, schema) => {
  for (const value of [null, 7, {}, ["on"]]) {
    const { error } = schema.safeParse(Object.fromEntries(fields.map((field) => [field, value])));

    const messages = error?.issues.map(({ message }) => message) ?? [];
    expect(messages.length).toBeGreaterThanOrEqual(2);
    expect(messages.filter((message) => /Invalid input|expected/.test(message))).toEqual([]);
  }
});
