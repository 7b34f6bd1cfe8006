import { expect, test } from "vitest";
import { idSchema, newId } from "@/lib/ids";

test("ids carry their kind, are unique, and their schema takes only their own kind", () => {
  const ids = Array.from({ length: 1_000 }, () => newId("order"));

  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids) expect(idSchema("order").parse(id)).toBe(id);
  expect(idSchema("payment").safeParse(ids[0]).success).toBe(false);
});

test("ids sort by age", () => {
  const before = Date.now();
  const first = newId("order");
  while (Date.now() === before);
  const second = newId("order");

  expect(first < second).toBe(true);
});

test.each(["ord_", "ord_short", "ord_01h' or 1=1--aaaaaaaaaaaa", "", 7, null])(
  "%j is not an id of an order",
  (value) => {
    expect(idSchema("order").safeParse(value).success).toBe(false);
  },
);
