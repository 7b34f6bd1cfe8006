import { expect, test } from "vitest";
import { applyOperations, type MetadataOperation } from "@/local/trigger/engine/metadata-operations";

const after = (metadata: Record<string, unknown>, ...operations: MetadataOperation[]) =>
  applyOperations(metadata, operations);

test.each<[string, Record<string, unknown>, MetadataOperation, Record<string, unknown>]>([
  ["set replaces", { a: 1 }, { type: "set", key: "a", value: 2 }, { a: 2 }],
  ["set follows a path", { a: { b: 1 } }, { type: "set", key: "$.a.b", value: 2 }, { a: { b: 2 } }],
  ["set does not make the way to a path", { a: 1 }, { type: "set", key: "$.b.c", value: 1 }, { a: 1 }],
  ["a bracket in a path is part of a name", {}, { type: "set", key: "$.a[0]", value: 1 }, { "a[0]": 1 }],
  ["a dot without $ is part of the key", {}, { type: "set", key: "a.b", value: 1 }, { "a.b": 1 }],
  [
    "a path reaches into a list",
    { list: [{ n: 1 }] },
    { type: "set", key: "$.list.0.n", value: 2 },
    { list: [{ n: 2 }] },
  ],
  ["delete removes", { a: 1, b: 2 }, { type: "delete", key: "a" }, { b: 2 }],
  ["delete takes a path for a name", { a: { b: 1 } }, { type: "delete", key: "$.a.b" }, { a: { b: 1 } }],
  ["increment follows a path", { a: { n: 1 } }, { type: "increment", key: "$.a.n", value: 0.5 }, { a: { n: 1.5 } }],
  ["append follows a path", { a: { l: [1] } }, { type: "append", key: "$.a.l", value: 2 }, { a: { l: [1, 2] } }],
  ["append makes a list", {}, { type: "append", key: "log", value: "x" }, { log: ["x"] }],
  ["append to a list", { log: ["x"] }, { type: "append", key: "log", value: "y" }, { log: ["x", "y"] }],
  [
    "append to a value makes it the first item",
    { log: "x" },
    { type: "append", key: "log", value: "y" },
    { log: ["x", "y"] },
  ],
  [
    "remove takes equal items out",
    { log: [{ a: 1 }, 2] },
    { type: "remove", key: "log", value: { a: 1 } },
    { log: [2] },
  ],
  ["increment from nothing", {}, { type: "increment", key: "n", value: 2 }, { n: 2 }],
  ["increment down", { n: 5 }, { type: "increment", key: "n", value: -2 }, { n: 3 }],
  ["update replaces everything", { a: 1 }, { type: "update", value: { b: 2 } }, { b: 2 }],
])("%s", (_, before, operation, expected) => {
  expect(after(before, operation)).toEqual(expected);
});

test("a path into the prototype changes nothing", () => {
  const result = after(
    {},
    { type: "set", key: "$.__proto__.polluted", value: 1 },
    { type: "set", key: "__proto__", value: { polluted: 1 } },
    { type: "set", key: "$.constructor.prototype.polluted", value: 1 },
  );

  expect(result).toEqual({});
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

test("the given object is not changed", () => {
  const before = { list: [1] };

  after(before, { type: "append", key: "list", value: 2 });

  expect(before).toEqual({ list: [1] });
});

test("an operation that can not be applied does not take the others with it", () => {
  const result = after(
    {},
    { type: "set", key: "a", value: 1 },
    { type: "set", key: "$.x\\.y", value: 1 },
    { type: "increment", key: "a", value: 1 },
  );

  expect(result).toEqual({ a: 2 });
});
